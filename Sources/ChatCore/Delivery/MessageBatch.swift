/// Consecutive messages of one room as the bytes that go to sockets, encoded once.
package struct MessageBatch: Sendable, Equatable {
    package let room: RoomID
    package let firstSeq: Int64
    /// The frames of all messages, one after the other.
    package let bytes: [UInt8]
    /// Where each message's frame ends in `bytes`.
    package let ends: [Int]

    package init(room: RoomID, firstSeq: Int64, bytes: [UInt8], ends: [Int]) {
        self.room = room
        self.firstSeq = firstSeq
        self.bytes = bytes
        self.ends = ends
    }

    package var count: Int { ends.count }
    package var lastSeq: Int64 { firstSeq + Int64(ends.count) - 1 }

    /// The part behind `seq`; nil when nothing is behind it.
    package func after(_ seq: Int64) -> MessageBatch? {
        if seq < firstSeq { return self }
        guard seq < lastSeq else { return nil }
        let dropped = Int(seq - firstSeq) + 1
        let start = ends[dropped - 1]
        return MessageBatch(
            room: room, firstSeq: seq + 1, bytes: Array(bytes[start...]), ends: ends[dropped...].map { $0 - start })
    }
}

/// Turns what happened into the frames clients receive.
package protocol EventCoder: Sendable {
    /// The frames of consecutive messages of one room; nil for no messages.
    func batch(_ messages: [Message]) -> MessageBatch?
}
