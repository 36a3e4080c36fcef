/// How far a member has read in a room.
package struct ReadMark: Sendable, Equatable {
    package let seat: Seat
    package let seq: Int64

    package init(seat: Seat, seq: Int64) {
        self.seat = seat
        self.seq = seq
    }
}

/// Gathers read marks, so that each is written at most once per ``Limits/readMarkWrite``, however often clients send
/// it.
package struct ReadMarks: Sendable {
    /// Marks of further members are dropped until the next write; their next mark makes up for it.
    private static let most = 100_000

    private var marks: [Seat: Int64] = [:]

    package init() {}

    /// Records a mark; it never moves back.
    package mutating func note(_ mark: ReadMark) {
        guard marks.count < Self.most || marks[mark.seat] != nil else { return }
        marks[mark.seat] = max(mark.seq, marks[mark.seat] ?? 0)
    }

    /// Returns and clears what was gathered since the last call.
    package mutating func takeAll() -> [ReadMark] {
        defer { marks = [:] }
        return marks.map { ReadMark(seat: $0.key, seq: $0.value) }
    }
}
