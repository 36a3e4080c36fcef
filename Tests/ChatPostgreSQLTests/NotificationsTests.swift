import ChatCore
import ChatTestKit
import Testing

@testable import ChatPostgreSQL

@Suite struct NotificationsTests {
    @Test func `the growth of a room is said once, up to its end`() {
        var outgoing = Notifications()
        for seq in [3, 9, 4] { outgoing.add(growthOf: RoomID(7), to: Int64(seq)) }
        #expect(outgoing.take().flatMap { Notifications.decode($0) } == [.grown(RoomID(7), seq: 9)])
        #expect(outgoing.take().isEmpty)
    }

    @Test func `what is much is cut into payloads that PostgreSQL takes`() throws {
        var outgoing = Notifications()
        let room = RoomReference(id: RoomID(1), name: try RoomName("red"))
        let names = try (0..<2_000).map { try Username("user-with-a-long-name-\($0)") }
        try outgoing.add([.presence(PresenceChange(room: room, joined: names, left: []))])
        for number in 0..<5_000 { outgoing.add(growthOf: RoomID(Int64(number)), to: .max - 1) }
        let payloads = outgoing.take()
        #expect(payloads.allSatisfy { $0.utf8.count < 8_000 })
        let events = payloads.flatMap { Notifications.decode($0) }
        var joined: [Username] = []
        for case .event(.presence(let change)) in events { joined += change.joined }
        #expect(Set(joined) == Set(names) && joined.count == names.count)
        #expect(events.count { if case .grown = $0 { true } else { false } } == 5_000)
    }

    @Test func `what could not be sent is kept, and beyond a bound a gap says so`() throws {
        var outgoing = Notifications()
        let event = Event.disabled(UserID(1))
        try outgoing.add([event])
        outgoing.add(growthOf: RoomID(1), to: 5)
        let payloads = outgoing.take()
        outgoing.add(growthOf: RoomID(1), to: 6)
        outgoing.putBack(payloads)
        #expect(outgoing.take().flatMap { Notifications.decode($0) } == [.event(event), .grown(RoomID(1), seq: 6)])
        for _ in 0...Limits.busQueue { try outgoing.add([event]) }
        #expect(outgoing.take().flatMap { Notifications.decode($0) } == [.gap])
    }

    @Test(arguments: ["", "x", "!", "g1", "g1:2:3", "gx:1", "e1 [{}]", "e", "e1", "1:2"])
    func `a payload of another version is a gap`(payload: String) {
        #expect(Notifications.decode(payload) == [.gap])
    }

    @Test func `every event comes back as it was, in order and ahead of the news of messages`() throws {
        var outgoing = Notifications()
        let events = try SampleEvents.all()
        outgoing.add(growthOf: RoomID(1), to: 5)
        try outgoing.add(events)
        let decoded = outgoing.take().flatMap { Notifications.decode($0) }
        #expect(decoded == events.map { .event($0) } + [.grown(RoomID(1), seq: 5)])
    }

    @Test func `equal events have payloads that differ, since PostgreSQL drops equal ones`() throws {
        var outgoing = Notifications()
        try outgoing.add([.disabled(UserID(1)), .disabled(UserID(1))])
        #expect(Set(outgoing.take()).count == 2)
    }

    @Test func `an event that is too large and cannot be divided is told as a gap`() throws {
        var outgoing = Notifications()
        let name = RoomName(stored: String(repeating: "x", count: Limits.notificationBytes))
        try outgoing.add([.roomDeleted(RoomReference(id: RoomID(1), name: name)), .disabled(UserID(1))])
        let events = outgoing.take().flatMap { Notifications.decode($0) }
        #expect(events == [.gap, .event(.disabled(UserID(1)))])
    }

    @Test func `who came and who left is divided without loss, whichever is more`() throws {
        let room = RoomReference(id: RoomID(1), name: try RoomName("red"))
        func names(_ prefix: String, _ count: Int) throws -> [Username] {
            try (0..<count).map { try Username("\(prefix)-with-a-long-name-\($0)") }
        }
        for (joined, left) in [(700, 0), (0, 700), (1, 699), (350, 351)] {
            var outgoing = Notifications()
            let change = PresenceChange(room: room, joined: try names("in", joined), left: try names("out", left))
            try outgoing.add([.presence(change)])
            var sum = PresenceChange(room: room)
            for case .event(.presence(let part)) in outgoing.take().flatMap({ Notifications.decode($0) }) {
                sum.joined += part.joined
                sum.left += part.left
            }
            #expect(sum == change)
        }
    }
}
