import ChatTestKit
import Synchronization
import Testing

@testable import ChatCore

/// What the database says of one node's connections, while writes fail and leases end.
@Suite struct NodePresenceTests {
    private struct Bench {
        let node: TestNode
        let room: Room
        let hub = RecordingHub()
        let bus = ManualBus()
        let presence: NodePresence
        let broadcaster: Broadcaster
        let script = Script()

        init() async throws {
            node = try await TestNode(in: TemporaryFolder(), serves: false)
            room = try await node.maker.makeRoom()
            let store = WatchedStore(node.store) { [script] (call) async throws(ChatError) in
                try await script.take(call)
            }
            broadcaster = Broadcaster(store: store, bus: bus, coder: TextCoder(), clock: node.clock.wall)
            presence = NodePresence(store: store, clock: node.clock.wall, broadcaster: broadcaster)
            try await broadcaster.delivery.open(room.reference)
            broadcaster.delivery.add([hub])
        }

        func seat(of user: User) -> Seat { Seat(room: room.id, user: user.id) }

        /// Waits until the database has so many connections of each user, by name.
        func waitForOnline(_ expected: [String: Int]) async throws -> Bool {
            try await eventually {
                let users = try await node.store.onlineUsers(in: room.id, at: node.clock.now)
                return Dictionary(uniqueKeysWithValues: users.map { ($0.username.text, $0.connections) }) == expected
            }
        }

        /// Who came and went, as the hubs were shown it.
        var shown: [String] {
            hub.items.compactMap {
                guard case .presence(let change, let count) = $0 else { return nil }
                let (joined, left) = (change.joined.map { "+\($0)" }, change.left.map { "-\($0)" })
                return (joined + left).joined(separator: " ") + " \(count)"
            }
        }
    }

    @Test func `only who comes first and who goes last is announced`() async throws {
        let bench = try await Bench()
        let alice = try await bench.node.makeUser("alice")
        try await bench.presence.start(as: "here")
        #expect(bench.presence.enter(bench.seat(of: alice)))
        #expect(try await bench.waitForOnline(["alice": 1]))
        #expect(!bench.presence.enter(bench.seat(of: alice)))
        #expect(try await bench.waitForOnline(["alice": 2]))
        bench.presence.leave(bench.seat(of: alice))
        #expect(try await bench.waitForOnline(["alice": 1]))
        bench.presence.leave(bench.seat(of: alice))
        #expect(try await bench.waitForOnline([:]))
        #expect(await eventually { bench.shown == ["+alice 1", "-alice 0"] })
        #expect(bench.bus.published.count == 2)
        await bench.node.close()
    }

    @Test func `what changes while a write is under way is the next one, and what cancels out is none`() async throws {
        let bench = try await Bench()
        let (alice, bob) = (try await bench.node.makeUser("alice"), try await bench.node.makeUser("bob"))
        let gate = Gate()
        bench.script.onWrite = { number in
            if number == 1 { await gate.pass() }
            return nil
        }
        try await bench.presence.start(as: "here")
        _ = bench.presence.enter(bench.seat(of: alice))
        #expect(await eventually { gate.arrivals == 1 })
        for _ in 1...5 {
            _ = bench.presence.enter(bench.seat(of: bob))
            _ = bench.presence.enter(bench.seat(of: alice))
            bench.presence.leave(bench.seat(of: bob))
        }
        gate.open()
        #expect(try await bench.waitForOnline(["alice": 6]))
        #expect(await eventually { bench.script.writes == 2 && bench.shown == ["+alice 1"] })
        await bench.node.close()
    }

    @Test func `a write that fails is made with the next change`() async throws {
        let bench = try await Bench()
        let (alice, bob) = (try await bench.node.makeUser("alice"), try await bench.node.makeUser("bob"))
        bench.script.onWrite = { $0 == 1 ? ChatError(.unavailable, "database: gone") : nil }
        try await bench.presence.start(as: "here")
        _ = bench.presence.enter(bench.seat(of: alice))
        #expect(await eventually { bench.script.writes == 1 })
        #expect(bench.shown == [])
        // Each change is a new chance; the writer of the failed one may still be leaving.
        #expect(
            try await eventually {
                _ = bench.presence.enter(bench.seat(of: bob))
                return try await bench.node.store.onlineCount(in: bench.room.id, at: bench.node.clock.now) == 2
            })
        #expect(await eventually { bench.shown == ["+alice +bob 2"] })
        await bench.node.close()
    }

    @Test func `what was entered before the start is written by it`() async throws {
        let bench = try await Bench()
        let alice = try await bench.node.makeUser("alice")
        _ = bench.presence.enter(bench.seat(of: alice))
        #expect(bench.script.writes == 0)
        try await bench.presence.start(as: "here")
        #expect(try await bench.waitForOnline(["alice": 1]))
        await bench.node.close()
    }

    @Test func `a start clears what a crash left behind under the same name`() async throws {
        let bench = try await Bench()
        let (alice, bob) = (try await bench.node.makeUser("alice"), try await bench.node.makeUser("bob"))
        let crashed = NodePresence(
            store: bench.node.store, clock: bench.node.clock.wall, broadcaster: bench.broadcaster)
        try await crashed.start(as: "here")
        _ = crashed.enter(bench.seat(of: alice))
        #expect(try await bench.waitForOnline(["alice": 1]))
        #expect(await eventually { bench.shown == ["+alice 1"] })
        try await bench.presence.start(as: "here")
        #expect(await eventually { bench.shown == ["+alice 1", "-alice 0"] })
        _ = bench.presence.enter(bench.seat(of: bob))
        #expect(try await bench.waitForOnline(["bob": 1]))
        await bench.node.close()
    }

    @Test func `the end of a node takes its people away, with what was still to be written`() async throws {
        let bench = try await Bench()
        let (alice, bob) = (try await bench.node.makeUser("alice"), try await bench.node.makeUser("bob"))
        let gate = Gate()
        bench.script.onWrite = { _ in
            await gate.pass()
            return nil
        }
        try await bench.presence.start(as: "here")
        _ = bench.presence.enter(bench.seat(of: alice))
        #expect(await eventually { gate.arrivals == 1 })
        _ = bench.presence.enter(bench.seat(of: bob))
        let stopping = Task { await bench.presence.stop() }
        gate.open()
        await stopping.value
        #expect(try await bench.node.store.onlineUsers(in: bench.room.id, at: bench.node.clock.now).isEmpty)
        let writes = bench.script.writes
        _ = bench.presence.enter(bench.seat(of: bob))
        await bench.presence.stop()
        #expect(bench.script.writes == writes && bench.shown.last?.hasSuffix(" 0") == true)
        await bench.node.close()
    }

    // MARK: Leases

    @Test func `a node that lost its row takes its place again, with all its people`() async throws {
        let bench = try await Bench()
        let (alice, bob) = (try await bench.node.makeUser("alice"), try await bench.node.makeUser("bob"))
        try await bench.presence.start(as: "here")
        for user in [alice, alice, bob] { _ = bench.presence.enter(bench.seat(of: user)) }
        #expect(try await bench.waitForOnline(["alice": 2, "bob": 1]))
        // Its lease ends, and another node sweeps it.
        bench.node.clock.advance(by: Limits.nodeLease + .seconds(1))
        let swept = try await bench.node.store.sweepNodes(at: bench.node.clock.now)
        #expect(swept.contains { $0.left.count == 2 })
        let running = Task { await bench.presence.run(Rounds()) }
        #expect(try await bench.waitForOnline(["alice": 2, "bob": 1]))
        #expect(bench.script.registrations == 2)
        running.cancel()
        await running.value
        await bench.presence.stop()
        await bench.node.close()
    }

    @Test func `a node looks for the dead and tells their rooms`() async throws {
        let bench = try await Bench()
        let alice = try await bench.node.makeUser("alice")
        let now = bench.node.clock.now
        let (dead, _) = try await bench.node.store.registerNode(named: "dead", at: now, leaseUntil: now + .seconds(1))
        _ = try await bench.node.store.writeSeats(
            [SeatCount(seat: bench.seat(of: alice), connections: 1)], of: dead, at: now)
        try await bench.presence.start(as: "here")
        bench.node.clock.advance(by: .seconds(2))
        let running = Task { await bench.presence.run(Rounds()) }
        #expect(await eventually { bench.shown == ["-alice 0"] })
        #expect(try await bench.waitForOnline([:]))
        running.cancel()
        await running.value
        await bench.presence.stop()
        await bench.node.close()
    }
}

/// What a node asked of the database, and how a test answers its writes.
private final class Script: Sendable {
    private struct State {
        var writes = 0
        var registrations = 0
        var onWrite: (@Sendable (Int) async -> ChatError?)?
    }

    private let state = Mutex(State())

    var writes: Int { state.withLock { $0.writes } }
    var registrations: Int { state.withLock { $0.registrations } }

    /// Why write 1, 2, 3 … fails.
    var onWrite: (@Sendable (Int) async -> ChatError?)? {
        get { state.withLock { $0.onWrite } }
        set { state.withLock { $0.onWrite = newValue } }
    }

    func take(_ call: WatchedStore.Call) async throws(ChatError) {
        let (number, onWrite) = state.withLock { state -> (Int, (@Sendable (Int) async -> ChatError?)?) in
            switch call {
            case .registerNode: state.registrations += 1
            case .writeSeats:
                state.writes += 1
                return (state.writes, state.onWrite)
            default: break
            }
            return (0, nil)
        }
        if let error = await onWrite?(number) { throw error }
    }
}
