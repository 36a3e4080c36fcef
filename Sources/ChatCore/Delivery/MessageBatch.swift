/// Consecutive messages of one room, encoded once as the bytes that go to sockets.
package struct MessageBatch: Sendable, Equatable {
    package let room: RoomID
    package let firstSeq: Int64
    /// The encoded frames of all messages, concatenated.
    package let bytes: [UInt8]
    /// The end offset of each message's frame in `bytes`.
    package let ends: [Int]

    package init(room: RoomID, firstSeq: Int64, bytes: [UInt8], ends: [Int]) {
        self.room = room
        self.firstSeq = firstSeq
        self.bytes = bytes
        self.ends = ends
    }

    package var count: Int { ends.count }
    package var lastSeq: Int64 { firstSeq + Int64(ends.count) - 1 }

    /// The messages after `seq`; nil if there are none.
    package func after(_ seq: Int64) -> MessageBatch? {
        if seq < firstSeq { return self }
        guard seq < lastSeq else { return nil }
        let dropped = Int(seq - firstSeq) + 1
        let start = ends[dropped - 1]
        return MessageBatch(
            room: room, firstSeq: seq + 1, bytes: Array(bytes[start...]), ends: ends[dropped...].map { $0 - start })
    }
}

/// Encodes messages as the frames clients receive.
package protocol EventCoder: Sendable {
    /// Encodes consecutive messages of one room; nil for an empty array.
    func batch(_ messages: [Message]) -> MessageBatch?
    /// Checks that a batch that came over a bus consists of as many whole frames as it says. It is not decoded further.
    func isWhole(_ batch: MessageBatch) -> Bool
}
