import ChatCore
import Synchronization
import Testing

/// What every bus must do, between two processes on one database.
package struct BusContract: Sendable {
    /// One process: its bus and its store.
    package struct Endpoint: Sendable {
        let bus: any Bus
        let store: any Store

        package init(bus: any Bus, store: any Store) {
            self.bus = bus
            self.store = store
        }
    }

    private let here: Endpoint
    private let there: Endpoint
    /// The makers of users and rooms.
    private let maker: StoreContract

    package init(here: Endpoint, there: Endpoint, clock: TestClock) {
        self.here = here
        self.there = there
        maker = StoreContract(store: here.store, other: there.store, clock: clock)
    }

    /// A message of one process rings in the other, and not in its own.
    package func ringsForMessages() async throws {
        let (heard, own) = (Ears(), Ears())
        try await there.bus.start { heard.take($0) }
        try await here.bus.start { own.take($0) }
        let (user, room) = (try await maker.makeUser(), try await maker.makeRoom())
        for number in 1...3 {
            let message = try await maker.post("m\(number)", by: user, in: room)
            try await here.bus.publish(
                MessageBatch(room: room.id, firstSeq: message.seq, bytes: [65], ends: [1]))
        }
        #expect(await heard.wait { $0.contains(.grown(room.id, seq: 3)) })
        #expect(own.events.isEmpty)
        await stop()
    }

    /// Events reach the other process in order, and not their own.
    package func bringsEventsInOrder() async throws {
        let (heard, own) = (Ears(), Ears())
        try await there.bus.start { heard.take($0) }
        try await here.bus.start { own.take($0) }
        let events = Self.events(room: try await maker.makeRoom(), user: try await maker.makeUser())
        try await here.bus.publish(events)
        try await here.bus.publish([events[0]])
        try await here.bus.publish([Event]())
        let expected = (events + [events[0]]).map { BusEvent.event($0) }
        #expect(await heard.wait { $0.filter(\.isEvent).count >= expected.count })
        #expect(heard.events.filter(\.isEvent) == expected)
        #expect(!own.events.contains { $0.isEvent })
        await stop()
    }

    /// What was published before the start does not come, and nothing comes after the stop.
    package func isSilentBeforeStartAndAfterStop() async throws {
        let room = try await maker.makeRoom()
        let events = Self.events(room: room, user: try await maker.makeUser())
        try await here.bus.publish([events[0]])
        let heard = Ears()
        try await there.bus.start { heard.take($0) }
        try await here.bus.publish([events[1]])
        #expect(await heard.wait { $0.contains { $0.isEvent } })
        #expect(heard.events.filter(\.isEvent) == [.event(events[1])])
        await there.bus.stop()
        try await here.bus.publish([events[2]])
        #expect(!(await heard.wait(for: .milliseconds(200)) { $0.contains(.event(events[2])) }))
        await stop()
    }

    /// One of each event.
    private static func events(room: Room, user: User) -> [Event] {
        let (room, name) = (room.reference, user.username)
        return [
            .messageDeleted(room: room, seq: 7), .typing(room: room, username: name),
            .presence(PresenceChange(room: room, joined: [name], left: [])), .roomChanged(room),
            .roomGained(user.id, room), .removed(user.id, room, .kicked), .roomDeleted(room), .disabled(user.id),
            .sessionEnded(user.id, tokenID: nil), .sessionEnded(user.id, tokenID: 3),
        ]
    }

    private func stop() async {
        await here.bus.stop()
        await there.bus.stop()
    }
}

extension BusEvent {
    /// Whether it is neither a ring nor a gap.
    fileprivate var isEvent: Bool {
        if case .event = self { true } else { false }
    }
}

/// Keeps what a bus brings.
package final class Ears: Sendable {
    private let heard = Mutex<[BusEvent]>([])

    package init() {}

    package func take(_ events: [BusEvent]) {
        heard.withLock { $0 += events }
    }

    package var events: [BusEvent] { heard.withLock { $0 } }

    /// Whether the events come to satisfy `condition` before the deadline.
    package func wait(
        for limit: Duration = .seconds(5), _ condition: ([BusEvent]) -> Bool
    ) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while !condition(events) {
            guard ContinuousClock.now < deadline else { return false }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return true
    }
}
