import ChatTestKit
import Synchronization
import Testing

@testable import ChatCore

/// The way from what happened to this node's hubs and to the other nodes.
@Suite struct BroadcasterTests {
    private struct Bench {
        let node: TestNode
        let bus: ManualBus
        let hub = RecordingHub()
        let counted = Counter()
        let broadcaster: Broadcaster

        init(failure: ChatError? = nil) async throws {
            node = try await TestNode(in: TemporaryFolder(), serves: false)
            bus = ManualBus(failure: failure)
            let store = WatchedStore(node.store) { [counted] (call) throws(ChatError) in
                if call == .onlineCount { counted.add() }
            }
            broadcaster = Broadcaster(store: store, bus: bus, coder: TextCoder(), clock: node.clock.wall)
            broadcaster.delivery.add([hub])
        }

        func open(_ room: Room) async throws {
            try await broadcaster.delivery.open(room.reference)
            broadcaster.delivery.attach(hub, to: room.id)
        }
    }

    @Test func `new messages go out as one batch a room, to hubs and bus alike`() async throws {
        let bench = try await Bench()
        let (user, one, two) = (
            try await bench.node.maker.makeUser(), try await bench.node.maker.makeRoom(),
            try await bench.node.maker.makeRoom()
        )
        for room in [one, two] { try await bench.open(room) }
        var messages: [Message] = []
        for number in 1...3 {
            for room in [one, two] {
                messages.append(try await bench.node.maker.post("m\(number)", by: user, in: room))
            }
        }
        await bench.broadcaster.committed(messages)
        await bench.broadcaster.committed([])
        #expect(bench.bus.batches.count == 2)
        #expect(Set(bench.bus.batches.map(\.room)) == [one.id, two.id])
        for room in [one, two] {
            #expect(bench.hub.seqs(in: room.id) == [1, 2, 3])
            #expect(bench.bus.batches.first { $0.room == room.id }?.texts.map(\.text) == ["m1", "m2", "m3"])
        }
        await bench.node.close()
    }

    @Test func `a bus that is out keeps nothing from this node`() async throws {
        let bench = try await Bench(failure: ChatError(.unavailable, "bus: gone"))
        let (user, room) = (try await bench.node.maker.makeUser(), try await bench.node.maker.makeRoom())
        try await bench.open(room)
        await bench.broadcaster.committed([try await bench.node.maker.post("one", by: user, in: room)])
        await bench.broadcaster.announce([.disabled(user.id)])
        #expect(bench.hub.seqs(in: room.id) == [1] && bench.hub.events == [.disabled(user.id)])
        await bench.node.close()
    }

    @Test func `each event is published, and shown with what is needed to show it`() async throws {
        let bench = try await Bench()
        let (user, other) = (try await bench.node.maker.makeUser(), try await bench.node.maker.makeUser())
        let room = try await bench.node.maker.makeRoom(members: [user, other])
        try await bench.open(room)
        _ = bench.hub.takeItems()
        let events = try SampleEvents.all(room: room.reference, user: user.id, name: user.username)
        await bench.broadcaster.announce(events)
        #expect(bench.bus.published == events)
        let plain = events.filter {
            switch $0 {
            case .messageEdited, .presence, .roomChanged, .roomGained: false
            default: true
            }
        }
        #expect(bench.hub.events == plain)
        let shapes = bench.hub.items.compactMap { if case .room(_, let members) = $0 { members } else { nil } }
        #expect(shapes.count == 2)
        #expect(Set(shapes[0]) == [user.id, other.id] && shapes[1] == [user.id])
        let presence = bench.hub.items.filter { if case .presence = $0 { true } else { false } }
        #expect(presence.count == 1)
        await bench.node.close()
    }

    @Test func `of a room that is gone or that nobody here is in, nothing is shown`() async throws {
        let bench = try await Bench()
        let room = try await bench.node.maker.makeRoom()
        let gone = RoomReference(id: RoomID(99), name: try RoomName("gone"))
        let change = PresenceChange(room: room.reference, joined: [try Username("alice")])
        await bench.broadcaster.announce([.roomChanged(gone), .roomGained(UserID(1), gone), .presence(change)])
        #expect(bench.hub.items.isEmpty && bench.bus.published.count == 3)
        await bench.node.close()
    }

    @Test func `who is online is counted once for many joins, and again after somebody came or went`() async throws {
        let bench = try await Bench()
        let (user, room) = (try await bench.node.maker.makeUser(), try await bench.node.maker.makeRoom())
        try await bench.open(room)
        for _ in 1...5 { #expect(try await bench.broadcaster.onlineCount(in: room.id) == 0) }
        #expect(bench.counted.count == 1)
        let (other, _) = try await bench.node.store.registerNode(
            named: "other", at: bench.node.clock.now, leaseUntil: bench.node.clock.now + .seconds(60))
        let seat = SeatCount(seat: Seat(room: room.id, user: user.id), connections: 1)
        for change in try await bench.node.store.writeSeats([seat], of: other, at: bench.node.clock.now) {
            await bench.broadcaster.announce([.presence(change)])
        }
        #expect(try await bench.broadcaster.onlineCount(in: room.id) == 1 && bench.counted.count == 2)
        // Nobody announces that the other node has lost its lease.
        bench.node.clock.advance(by: .seconds(61))
        await bench.broadcaster.confirmOnlineCounts()
        #expect(bench.hub.counts == [[room.id: 0]])
        #expect(try await bench.broadcaster.onlineCount(in: room.id) == 0 && bench.counted.count == 2)
        let shown = bench.hub.items.filter { if case .presence = $0 { true } else { false } }
        #expect(shown.count == 1)
        await bench.node.close()
    }
}

/// Counts calls.
final class Counter: Sendable {
    private let value = Atomic(0)

    var count: Int { value.load(ordering: .relaxed) }

    func add() { value.add(1, ordering: .relaxed) }
}
