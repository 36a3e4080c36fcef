import ChatCore
import Synchronization
import Testing

/// One guarantee of the bus protocol, as a sentence, with its test.
package struct BusCheck: Sendable, CustomTestStringConvertible {
    package let sentence: String
    package let run: @Sendable (BusContract) async throws -> Void

    package var testDescription: String { sentence }
}

/// The guarantees that every bus must give between two processes on one database.
package struct BusContract: Sendable {
    /// One process: its bus and its store.
    package struct Endpoint: Sendable {
        package let bus: any Bus
        let store: any Store

        package init(bus: any Bus, store: any Store) {
            self.bus = bus
            self.store = store
        }
    }

    /// All guarantees.
    package static let checks = [
        BusCheck(sentence: "a message of one process is announced in the other") { try await $0.announcesMessages() },
        BusCheck(sentence: "a large batch arrives whole") { try await $0.bringsLargeBatches() },
        BusCheck(sentence: "a room can be followed again") { try await $0.followsAgain() },
        BusCheck(sentence: "events of one process reach the other in order") { try await $0.bringsEventsInOrder() },
        BusCheck(sentence: "an act reaches the other process though its own says nothing more") {
            try await $0.carriesActs()
        },
        BusCheck(sentence: "a bus is silent before it is started and after it is stopped") {
            try await $0.isSilentBeforeStartAndAfterStop()
        },
    ]

    private let here: Endpoint
    private let there: Endpoint
    /// True for a bus that confirms a subscription with a `check`.
    private let confirms: Bool
    /// The route an event takes, for a bus with several; order is kept within each.
    private let way: @Sendable (Event) -> Int
    /// False for a bus that no database carries.
    private let isOfDatabase: Bool
    /// Creates users and rooms.
    private let maker: StoreContract

    package init(
        here: Endpoint, there: Endpoint, clock: TestClock, confirms: Bool = false,
        isOfDatabase: Bool = true, way: @escaping @Sendable (Event) -> Int = { _ in 0 }
    ) {
        self.here = here
        self.there = there
        self.confirms = confirms
        self.way = way
        self.isOfDatabase = isOfDatabase
        maker = StoreContract(store: here.store, other: there.store, clock: clock)
    }

    /// A message of one process is announced to the other, but not to its own.
    func announcesMessages() async throws {
        let (heard, own) = (Ears(), Ears())
        try await there.bus.start { heard.take($0) }
        try await here.bus.start { own.take($0) }
        let (user, room) = (try await maker.makeUser(), try await maker.makeRoom())
        await follow(room, heard)
        for number in 1...3 {
            let message = try await maker.post("m\(number)", by: user, in: room)
            try await here.bus.publish(
                MessageBatch(room: room.id, firstSeq: message.seq, bytes: [65], ends: [1]))
        }
        #expect(await heard.wait { $0.contains { $0.end(of: room.id) == 3 } })
        #expect(!own.events.contains { $0.end(of: room.id) != nil })
        await stop()
    }

    /// Batches of any size arrive complete, either as messages or as a report that the log has grown.
    func bringsLargeBatches() async throws {
        let heard = Ears()
        try await there.bus.start { heard.take($0) }
        let (user, room) = (try await maker.makeUser(), try await maker.makeRoom())
        await follow(room, heard)
        let count = 40
        for number in 1...count { _ = try await maker.post("m\(number)", by: user, in: room) }
        let bytes = (1...count).flatMap { [UInt8](repeating: UInt8($0), count: 16_384) }
        let batch = MessageBatch(room: room.id, firstSeq: 1, bytes: bytes, ends: (1...count).map { $0 * 16_384 })
        try await here.bus.publish(batch)
        #expect(await heard.wait { $0.contains { $0.end(of: room.id) == Int64(count) } })
        func parts(_ events: [BusEvent]) -> [MessageBatch] {
            events.compactMap { if case .batch(let part) = $0 { part } else { nil } }
        }
        // Another route may have reported the growth earlier; the batch must still arrive with all its parts.
        #expect(await heard.wait { !confirms || parts($0).last?.lastSeq == Int64(count) })
        #expect(parts(heard.events).isEmpty || parts(heard.events).flatMap(\.bytes) == bytes)
        await stop()
    }

    /// A room that is followed again after being unfollowed is announced again.
    func followsAgain() async throws {
        let heard = Ears()
        try await there.bus.start { heard.take($0) }
        let (user, room) = (try await maker.makeUser(), try await maker.makeRoom())
        for _ in 1...3 {
            let known = heard.events.count
            there.bus.follow(room.id)
            if confirms { #expect(await heard.wait { $0.dropFirst(known).contains(.check(room.id)) }) }
            let message = try await maker.post("m", by: user, in: room)
            try await here.bus.publish(MessageBatch(room: room.id, firstSeq: message.seq, bytes: [65], ends: [1]))
            #expect(await heard.wait { $0.contains { $0.end(of: room.id) == message.seq } })
            there.bus.unfollow(room.id)
        }
        await stop()
    }

    /// Events reach the other process in order, and not the one that published them.
    func bringsEventsInOrder() async throws {
        let (heard, own) = (Ears(), Ears())
        try await there.bus.start { heard.take($0) }
        try await here.bus.start { own.take($0) }
        let room = try await maker.makeRoom()
        await follow(room, heard)
        let events = try Self.events(room: room, user: try await maker.makeUser())
        try await here.bus.publish(events)
        try await here.bus.publish([events[0]])
        try await here.bus.publish([Event]())
        let expected = events + [events[0]]
        #expect(await heard.wait { $0.compactMap(\.event).count >= expected.count })
        let arrived = heard.events.compactMap(\.event)
        for number in Set(expected.map(way)) {
            #expect(arrived.filter { way($0) == number } == expected.filter { way($0) == number })
        }
        #expect(arrived.count == expected.count)
        #expect(!own.events.contains { $0.event != nil })
        await stop()
    }

    /// The transaction of an act carries its events, so that they arrive even if the process dies right after it.
    func carriesActs() async throws {
        guard isOfDatabase else { return }
        let (heard, own) = (Ears(), Ears())
        try await there.bus.start { heard.take($0) }
        try await here.bus.start { own.take($0) }
        let (user, room) = (try await maker.makeUser(), try await maker.makeRoom())
        let events: [Event] = [.removed(user.id, room.reference, .banned), .disabled(user.id)]
        let act = Act("test.act", by: .operator(as: nil), on: "test", events: events)
        try await here.store.restrict(
            user.id, in: room.id, Restriction(.ban, until: nil), at: maker.clock.now, act: act)
        #expect(await heard.wait { $0.compactMap(\.event).count >= events.count })
        #expect(heard.events.compactMap(\.event) == events)
        // What comes after it has arrived, and the act's events have not come back.
        try await there.bus.publish([.disabled(UserID(7))])
        #expect(await own.wait { !$0.compactMap(\.event).isEmpty })
        #expect(own.events.compactMap(\.event) == [.disabled(UserID(7))])
        await stop()
    }

    /// What was published before the start or after the stop does not arrive.
    func isSilentBeforeStartAndAfterStop() async throws {
        let room = try await maker.makeRoom()
        let events = try Self.events(room: room, user: try await maker.makeUser())
        try await here.bus.publish([events[0]])
        let heard = Ears()
        try await there.bus.start { heard.take($0) }
        try await here.bus.publish([events[1]])
        await follow(room, heard)
        try await here.bus.publish([events[3]])
        #expect(await heard.wait { $0.contains(.event(events[3])) })
        #expect(heard.events.compactMap(\.event).allSatisfy { $0 != events[0] })
        await there.bus.stop()
        try await here.bus.publish([events[2]])
        #expect(!(await heard.wait(for: .milliseconds(200)) { $0.contains(.event(events[2])) }))
        await stop()
    }

    private static func events(room: Room, user: User) throws -> [Event] {
        try SampleEvents.all(room: room.reference, user: user.id, name: user.username)
    }

    private func follow(_ room: Room, _ heard: Ears) async {
        there.bus.follow(room.id)
        if confirms { #expect(await heard.wait { $0.contains(.check(room.id)) }) }
    }

    private func stop() async {
        await here.bus.stop()
        await there.bus.stop()
    }
}

extension BusEvent {
    /// The event; nil for announcements of messages and for a gap.
    fileprivate var event: Event? {
        if case .event(let event) = self { event } else { nil }
    }

    /// The `seq` that the room's log has reached, according to this event.
    fileprivate func end(of room: RoomID) -> Int64? {
        switch self {
        case .batch(let batch) where batch.room == room: batch.lastSeq
        case .grown(room, let seq): seq
        default: nil
        }
    }
}

/// Collects what a bus delivers.
package final class Ears: Sendable {
    private let heard = Mutex<[BusEvent]>([])

    package init() {}

    package func take(_ events: [BusEvent]) {
        heard.withLock { $0 += events }
    }

    package var events: [BusEvent] { heard.withLock { $0 } }

    /// Waits until the events satisfy `condition`. Returns false at the deadline.
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
