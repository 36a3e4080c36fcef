import ChatCore
import Testing

@testable import ChatSQL

@Suite struct PresenceChangesTests {
    @Test func `users are collected by room, rooms by id and names in order`() throws {
        var changes = PresenceChanges()
        for (room, name, joined) in [
            (2, "eve", true), (1, "dan", false), (2, "bob", true), (2, "ann", false), (1, "cat", true),
        ] as [(Int64, String, Bool)] {
            let row = SQLRows(values: [.integer(room), .text("room-\(room)"), .text(name)], width: 3)[0]
            try changes.add(row, joined: joined)
        }
        func change(_ room: Int64, joined: [String], left: [String]) -> PresenceChange {
            PresenceChange(
                room: RoomReference(id: RoomID(room), name: RoomName(stored: "room-\(room)")),
                joined: joined.map { Username(stored: $0) }, left: left.map { Username(stored: $0) })
        }
        #expect(
            changes.sorted == [
                change(1, joined: ["cat"], left: ["dan"]), change(2, joined: ["bob", "eve"], left: ["ann"]),
            ])
    }

    @Test func `no rows are no changes`() {
        #expect(PresenceChanges().sorted.isEmpty)
    }
}
