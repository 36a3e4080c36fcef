import ChatCore
import Testing

/// The bounds of one connection.
@Suite struct ConnectionLimitsTests {
    private let room = RoomName(stored: "general")
    private let start = Timestamp(milliseconds: 1_000_000)

    @Test func `with 1024 frames under way nothing more is read, with half of them it is`() {
        var limits = ConnectionLimits()
        for _ in 0..<1_023 { limits.begin() }
        #expect(!limits.isFull)
        limits.begin()
        #expect(limits.isFull && !limits.isHalfEmpty)
        for _ in 0..<511 { limits.end() }
        #expect(!limits.isHalfEmpty)
        limits.end()
        #expect(limits.isHalfEmpty && !limits.isFull)
    }

    @Test func `joins under way count as rooms`() throws {
        var limits = ConnectionLimits()
        for number in 0..<1_000 {
            try limits.beginJoin(of: RoomName(stored: "room-\(number)"), joined: 0, isJoined: false)
        }
        #expect(throws: ChatError.self) { try limits.beginJoin(of: room, joined: 0, isJoined: false) }
        limits.endJoin(of: RoomName(stored: "room-7"))
        try limits.beginJoin(of: room, joined: 0, isJoined: false)
    }

    @Test func `joined rooms and joins under way are counted together`() throws {
        var limits = ConnectionLimits()
        try limits.beginJoin(of: RoomName(stored: "other"), joined: 999, isJoined: false)
        #expect(throws: ChatError.self) { try limits.beginJoin(of: room, joined: 999, isJoined: false) }
    }

    @Test func `a room that is joined or on its way may be joined again`() throws {
        var limits = ConnectionLimits()
        try limits.beginJoin(of: room, joined: 999, isJoined: false)
        try limits.beginJoin(of: room, joined: 999, isJoined: false)
        try limits.beginJoin(of: RoomName(stored: "other"), joined: 1_000, isJoined: true)
        limits.endJoin(of: room)
        // One join of it is still under way.
        try limits.beginJoin(of: room, joined: 1_000, isJoined: false)
    }

    @Test func `ending a join that never began changes nothing`() throws {
        var limits = ConnectionLimits()
        limits.endJoin(of: room)
        try limits.beginJoin(of: room, joined: 999, isJoined: false)
    }

    @Test func `two joins ask the database at once`() {
        var limits = ConnectionLimits()
        for _ in 0..<2 { #expect(limits.takeJoinPlace() == true) }
        #expect(limits.takeJoinPlace() == false)
        limits.giveJoinPlaceBack()
        #expect(limits.takeJoinPlace() == true)
    }

    @Test func `typing is shown once in two seconds a room`() {
        var limits = ConnectionLimits()
        #expect(limits.takeTyping(in: RoomID(1), at: start) == true)
        #expect(limits.takeTyping(in: RoomID(1), at: start + .milliseconds(1_999)) == false)
        #expect(limits.takeTyping(in: RoomID(2), at: start) == true)
        #expect(limits.takeTyping(in: RoomID(1), at: start + .seconds(2)) == true)
    }

    @Test func `typing in ever more rooms is remembered for two seconds only`() {
        var limits = ConnectionLimits()
        for room in 0..<1_000 { #expect(limits.takeTyping(in: RoomID(Int64(room)), at: start) == true) }
        #expect(limits.takeTyping(in: RoomID(5_000), at: start + .seconds(3)) == true)
        #expect(limits.takeTyping(in: RoomID(5_000), at: start + .seconds(3)) == false)
        #expect(limits.takeTyping(in: RoomID(1), at: start + .seconds(3)) == true)
    }

    @Test func `a clock that is set back silences nobody`() {
        var limits = ConnectionLimits()
        #expect(limits.takeTyping(in: RoomID(1), at: start) == true)
        #expect(limits.takeTyping(in: RoomID(1), at: start - .seconds(60)) == true)
        #expect(limits.takeTyping(in: RoomID(1), at: start - .seconds(59)) == false)
    }
}
