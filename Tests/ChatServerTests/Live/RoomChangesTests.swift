import ChatCore
import Testing

@testable import ChatServer

@Suite struct RoomChangesTests {
    private let room = RoomID(1)
    private let other = RoomID(2)

    @Test func `a room has changed since any moment before its last change`() {
        var changes = RoomChanges()
        #expect(!changes.hasChanged(room, since: 0))
        changes.note(room)
        changes.note(other)
        #expect(changes.count == 2)
        #expect(changes.hasChanged(room, since: 0) && !changes.hasChanged(room, since: 1))
        #expect(changes.hasChanged(other, since: 1) && !changes.hasChanged(other, since: 2))
        #expect(!changes.hasChanged(RoomID(3), since: 0))
        changes.note(room)
        #expect(changes.hasChanged(room, since: 2) && !changes.hasChanged(room, since: 3))
    }

    @Test func `what is forgotten counts as changed, what came later does not`() {
        var changes = RoomChanges()
        changes.note(room)
        for number in 0..<1_024 { changes.note(RoomID(Int64(100 + number))) }
        let now = changes.count
        #expect(changes.hasChanged(RoomID(3), since: 0) && changes.hasChanged(room, since: 0))
        #expect(!changes.hasChanged(RoomID(3), since: now) && !changes.hasChanged(room, since: now))
    }
}
