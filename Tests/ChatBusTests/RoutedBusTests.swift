import ChatCore
import ChatTestKit
import Synchronization
import Testing

@testable import ChatBus

/// Which way each thing takes, without a Redis and without a database.
@Suite struct RoutedBusTests {
    private static let batch = MessageBatch(room: RoomID(3), firstSeq: 4, bytes: [65, 66], ends: [1, 2])

    /// A fast route that notes what it gets, and refuses everything while it is out.
    private final class FastRoute: HighVolumeBus {
        private struct State {
            var receive: (@Sendable ([BusEvent]) -> Void)?
            var published: [BusEvent] = []
            var rooms: [RoomID] = []
            var isOut = false
        }

        private let state = Mutex(State())

        var published: [BusEvent] { state.withLock { $0.published } }
        var rooms: [RoomID] { state.withLock { $0.rooms } }
        var isStarted: Bool { state.withLock { $0.receive != nil } }
        func goOut() { state.withLock { $0.isOut = true } }
        func deliver(_ events: [BusEvent]) { state.withLock { $0.receive }?(events) }

        func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {
            if let fault = fault() { throw fault }
            state.withLock { $0.receive = receive }
        }

        func follow(_ room: RoomID) { state.withLock { $0.rooms.append(room) } }
        func unfollow(_ room: RoomID) { state.withLock { $0.rooms.removeAll { $0 == room } } }
        func publish(_ batch: MessageBatch) async -> Bool { publish(.batch(batch)) }

        func publish(_ event: Event) async -> Bool {
            RedisPayload.highVolume(event) != nil && publish(.event(event))
        }

        func fault() -> ChatError? {
            state.withLock { $0.isOut } ? ChatError(.unavailable, "the fast route is out") : nil
        }

        func stop() async { state.withLock { $0.receive = nil } }

        private func publish(_ event: BusEvent) -> Bool {
            state.withLock { state in
                if !state.isOut { state.published.append(event) }
                return !state.isOut
            }
        }
    }

    /// A routed bus and what another node hears through the database's bus.
    private struct Place {
        let fast = FastRoute()
        let exchange = InProcessExchange()
        let other = Ears()
        let bus: RoutedBus

        init() async throws {
            bus = RoutedBus(database: exchange.endpoint(), highVolume: fast)
            try await exchange.endpoint().start { [other] in other.take($0) }
        }
    }

    @Test func `high-volume events take the fast route and critical ones the database's`() async throws {
        let place = try await Place()
        try await place.bus.publish(Self.batch)
        let events = try SampleEvents.all()
        try await place.bus.publish(events)
        let isFast = { (event: Event) in
            switch event {
            case .typing, .presence: true
            case .messageDeleted, .messageEdited, .roomChanged, .roomGained, .removed, .roomDeleted, .disabled,
                .roleChanged,
                .sessionEnded:
                false
            }
        }
        #expect(place.fast.published == [.batch(Self.batch)] + events.filter(isFast).map { .event($0) })
        #expect(place.other.events == events.filter { !isFast($0) }.map { .event($0) })
    }

    @Test func `while the fast route is out, everything goes by the database in its order`() async throws {
        let place = try await Place()
        place.fast.goOut()
        try await place.bus.publish(Self.batch)
        let events = try SampleEvents.all()
        try await place.bus.publish(events)
        #expect(place.fast.published.isEmpty)
        #expect(place.other.events == [.grown(RoomID(3), seq: 5)] + events.map { .event($0) })
    }

    @Test func `what both routes bring reaches the receiver, one call at a time`() async throws {
        let place = try await Place()
        let calls = Mutex((running: 0, overlapped: false, events: [BusEvent]()))
        try await place.bus.start { events in
            calls.withLock { calls in
                calls.running += 1
                calls.overlapped = calls.overlapped || calls.running > 1
            }
            calls.withLock { calls in
                calls.events += events
                calls.running -= 1
            }
        }
        let sender = place.exchange.endpoint()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<200 { place.fast.deliver([.check(RoomID(1))]) } }
                group.addTask { for _ in 0..<200 { try? await sender.publish([.disabled(UserID(1))]) } }
            }
        }
        let (_, overlapped, events) = calls.withLock { $0 }
        #expect(!overlapped && events.count == 1_600)
        #expect(events.count { $0 == .check(RoomID(1)) } == 800)
        await place.bus.stop()
    }

    @Test func `a fast route that cannot start leaves nothing started`() async throws {
        let place = try await Place()
        place.fast.goOut()
        let heard = Ears()
        let error = await #expect(throws: ChatError.self) { try await place.bus.start { heard.take($0) } }
        #expect(error?.message == "the fast route is out")
        try await place.exchange.endpoint().publish([.disabled(UserID(1))])
        #expect(heard.events.isEmpty)
    }

    @Test func `after the stop neither route brings anything`() async throws {
        let place = try await Place()
        let heard = Ears()
        try await place.bus.start { heard.take($0) }
        await place.bus.stop()
        place.fast.deliver([.check(RoomID(1))])
        try await place.exchange.endpoint().publish([.disabled(UserID(1))])
        #expect(heard.events.isEmpty && !place.fast.isStarted)
    }

    @Test func `rooms are followed on the fast route, and its fault is the bus's`() async throws {
        let place = try await Place()
        place.bus.follow(RoomID(1))
        place.bus.follow(RoomID(2))
        place.bus.unfollow(RoomID(1))
        #expect(place.fast.rooms == [RoomID(2)])
        #expect(await place.bus.fault() == nil)
        place.fast.goOut()
        #expect(await place.bus.fault()?.code == .unavailable)
    }

    @Test func `a missed commit is heard where the database's bus hears it`() {
        #expect(!RoutedBus(database: InProcessExchange().endpoint(), highVolume: FastRoute()).hearsEveryCommit)
    }
}
