import ChatCore

/// Encodes each message as its body alone, so that a test can read a batch.
package struct TextCoder: EventCoder {
    package init() {}

    /// Text has no frames.
    package func isWhole(_ batch: MessageBatch) -> Bool { true }

    package func batch(_ messages: [Message]) -> MessageBatch? {
        guard let first = messages.first else { return nil }
        var (bytes, ends) = ([UInt8](), [Int]())
        for message in messages {
            bytes += Array(message.body.text.utf8)
            ends.append(bytes.count)
        }
        return MessageBatch(room: first.room.id, firstSeq: first.seq, bytes: bytes, ends: ends)
    }
}

extension MessageBatch {
    /// The bodies of a batch of ``TextCoder`` with their `seq`.
    package var texts: [(seq: Int64, text: String)] {
        ends.indices.map { index in
            let start = index == 0 ? 0 : ends[index - 1]
            return (firstSeq + Int64(index), String(decoding: bytes[start..<ends[index]], as: UTF8.self))
        }
    }
}
