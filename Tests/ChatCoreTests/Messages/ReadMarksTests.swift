import ChatCore
import Testing

/// What is gathered of how far members have read.
@Suite struct ReadMarksTests {
    private let seat = Seat(room: RoomID(1), user: UserID(2))

    @Test func `the highest mark of a member in a room counts`() {
        var marks = ReadMarks()
        for seq in [3, 9, 5] as [Int64] { marks.note(ReadMark(seat: seat, seq: seq)) }
        #expect(marks.takeAll() == [ReadMark(seat: seat, seq: 9)])
    }

    @Test func `what was taken is not given again`() {
        var marks = ReadMarks()
        marks.note(ReadMark(seat: seat, seq: 3))
        _ = marks.takeAll()
        #expect(marks.takeAll().isEmpty)
    }

    @Test func `members and rooms stand for themselves`() {
        var marks = ReadMarks()
        let seats = [seat, Seat(room: RoomID(2), user: UserID(2)), Seat(room: RoomID(1), user: UserID(3))]
        for (index, seat) in seats.enumerated() { marks.note(ReadMark(seat: seat, seq: Int64(index))) }
        #expect(Set(marks.takeAll().map(\.seat)) == Set(seats))
    }

    @Test func `a flood of rooms is bounded, and those known go on`() {
        var marks = ReadMarks()
        for room in 0..<100_050 { marks.note(ReadMark(seat: Seat(room: RoomID(Int64(room)), user: UserID(1)), seq: 1)) }
        marks.note(ReadMark(seat: Seat(room: RoomID(0), user: UserID(1)), seq: 7))
        let taken = marks.takeAll()
        #expect(taken.count == 100_000)
        #expect(taken.first { $0.seat.room == RoomID(0) }?.seq == 7)
    }
}
