import ChatCore
import Testing

@testable import ChatSQL

@Suite struct SQLValueTests {
    @Test func `values of the core become numbers, and nil becomes NULL`() {
        #expect(SQLValue.user(UserID(3)) == .integer(3))
        #expect(SQLValue.user(nil as UserID?) == .null && .user(UserID(3) as UserID?) == SQLValue.integer(3))
        #expect(SQLValue.room(RoomID(4)) == .integer(4) && SQLValue.node(NodeID(5)) == .integer(5))
        #expect(SQLValue.time(Timestamp(milliseconds: 6)) == .integer(6))
        #expect(SQLValue.time(nil as Timestamp?) == .null)
        #expect(SQLValue.text(nil as String?) == .null && SQLValue.text("" as String?) == .text(""))
        #expect(SQLValue.count(7) == .integer(7))
    }

    @Test func `a flag is 1, 0 or NULL, which leaves a column as it is`() {
        #expect([true, false, nil].map { SQLValue.flag($0) } == [.integer(1), .integer(0), .null])
    }
}
