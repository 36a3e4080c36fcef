/// How far a member has read in a room.
package struct ReadMark: Sendable, Equatable {
    package let seat: Seat
    package let seq: Int64

    package init(seat: Seat, seq: Int64) {
        self.seat = seat
        self.seq = seq
    }
}

/// Gathers how far members have read, so that each room and member is written once in ``Limits/readMarkWrite``,
/// however often clients say it.
package struct ReadMarks: Sendable {
    /// Members beyond this many are not noted; they will be with their next mark.
    private static let most = 100_000

    private var marks: [Seat: Int64] = [:]

    package init() {}

    /// A mark never goes back.
    package mutating func note(_ mark: ReadMark) {
        guard marks.count < Self.most || marks[mark.seat] != nil else { return }
        marks[mark.seat] = max(mark.seq, marks[mark.seat] ?? 0)
    }

    /// What was gathered since the last call.
    package mutating func takeAll() -> [ReadMark] {
        defer { marks = [:] }
        return marks.map { ReadMark(seat: $0.key, seq: $0.value) }
    }
}
