import ChatCore

/// Encodes messages once for all receivers.
package struct WireCoder: EventCoder {
    /// The usual size of a message frame in bytes, without the body; only used to reserve capacity.
    private static let usualEnvelope = 288

    package init() {}

    /// Encodes `messages` as consecutive frames in one buffer.
    package func batch(_ messages: [Message]) -> MessageBatch? {
        guard let first = messages.first else { return nil }
        let size = messages.reduce(0) { $0 + Self.usualEnvelope + $1.body.text.utf8.count }
        var json = JSONWriter(reserving: size)
        var ends: [Int] = []
        ends.reserveCapacity(messages.count)
        for message in messages {
            json.textFrame { $0.frame("message", nil) { $0.content(of: message) } }
            ends.append(json.bytes.count)
        }
        return MessageBatch(room: first.room.id, firstSeq: first.seq, bytes: json.bytes, ends: ends)
    }

    package func isWhole(_ batch: MessageBatch) -> Bool {
        var start = 0
        for end in batch.ends {
            guard end > start, end <= batch.bytes.count else { return false }
            let frame = batch.bytes[start..<end]
            guard let parsed = try? FrameHeader.parse(frame, masked: false, limit: frame.count),
                parsed.header.isFinal, parsed.header.opcode == .text,
                parsed.size + parsed.header.length == frame.count
            else { return false }
            start = end
        }
        return start == batch.bytes.count
    }
}
