import ChatTestKit
import Synchronization
import Testing

@testable import ChatCore

/// One listening for the whole process, whoever asks for it and however much arrives.
@Suite struct BusListenerTests {
    private struct Bench {
        let node: TestNode
        let bus: ManualBus
        let hub = RecordingHub()
        let broadcaster: Broadcaster
        let listener: BusListener
        /// Holds who counts online users.
        let counting = Gate()

        init(
            hearsEveryCommit: Bool = true, starting: @escaping @Sendable (Int) async -> ChatError? = { _ in nil }
        ) async throws {
            node = try await TestNode(in: TemporaryFolder(), serves: false)
            bus = ManualBus(hearsEveryCommit: hearsEveryCommit, starting: starting)
            let store = WatchedStore(node.store) { [counting] (call) async throws(ChatError) in
                if call == .onlineCount { await counting.pass() }
            }
            broadcaster = Broadcaster(store: store, bus: bus, coder: TextCoder(), clock: node.clock.wall)
            listener = BusListener(bus: bus, broadcaster: broadcaster, rounds: Rounds())
            broadcaster.delivery.add([hub])
        }

        func openRoom() async throws -> Room {
            let room = try await node.maker.makeRoom()
            try await broadcaster.delivery.open(room.reference)
            broadcaster.delivery.attach(hub, to: room.id)
            return room
        }
    }

    // MARK: Starting

    @Test func `many who start it at once share one attempt`() async throws {
        let gate = Gate()
        let bench = try await Bench { _ in
            await gate.pass()
            return nil
        }
        await withTaskGroup { group in
            for _ in 1...20 { group.addTask { try? await bench.listener.ensureStarted() } }
            #expect(await eventually { gate.arrivals == 1 })
            gate.open()
        }
        try await bench.listener.ensureStarted()
        #expect(bench.bus.starts == 1)
        await bench.node.close()
    }

    @Test func `an attempt that fails is told to all who waited, and the next one tries again`() async throws {
        let gate = Gate()
        let bench = try await Bench { number in
            await gate.pass()
            return number == 1 ? ChatError(.unavailable, "bus: gone") : nil
        }
        let failures = Counter()
        await withTaskGroup { group in
            for _ in 1...5 {
                group.addTask {
                    do { try await bench.listener.ensureStarted() } catch { failures.add() }
                }
            }
            #expect(await eventually { gate.arrivals == 1 })
            gate.open()
        }
        #expect(failures.count >= 1)
        try await bench.listener.ensureStarted()
        #expect(bench.bus.starts == 2)
        await bench.node.close()
    }

    // MARK: What arrives

    @Test func `batches go to the hubs at once, news of growth by way of the log`() async throws {
        let bench = try await Bench()
        try await bench.listener.ensureStarted()
        let room = try await bench.openRoom()
        bench.bus.bring([.batch(MessageBatch(room: room.id, firstSeq: 1, bytes: [65], ends: [1]))])
        #expect(bench.hub.seqs(in: room.id) == [1])
        let author = try await bench.node.maker.makeUser()
        for text in ["one", "two", "three"] { try await bench.node.maker.post(text, by: author, in: room) }
        bench.bus.bring([.grown(room.id, seq: 2)])
        #expect(await bench.hub.wait { $0.seqs(in: room.id) == [1, 2, 3] })
        try await bench.node.maker.post("four", by: author, in: room)
        bench.bus.bring([.check(room.id)])
        #expect(await bench.hub.wait { $0.seqs(in: room.id) == [1, 2, 3, 4] })
        await bench.node.close()
    }

    @Test func `a message behind a rename is shown under the new name`() async throws {
        let bench = try await Bench()
        try await bench.listener.ensureStarted()
        let room = try await bench.openRoom()
        let author = try await bench.node.maker.makeUser()
        try await bench.node.maker.post("one", by: author, in: room)
        let act = Act("test.act", by: .operator(as: nil), on: "test")
        let renamed = try await bench.node.store.updateRoom(
            room.id, RoomChange(name: RoomName("renamed")), at: bench.node.clock.now, act: act)
        bench.bus.bring([.grown(room.id, seq: 1), .event(.roomChanged(room.reference))])
        #expect(await bench.hub.wait { $0.seqs(in: room.id) == [1] })
        #expect(bench.broadcaster.delivery.openRooms() == [renamed.reference])
        let kinds = bench.hub.items.compactMap { item -> String? in
            switch item {
            case .room: "room"
            case .batch: "batch"
            default: nil
            }
        }
        #expect(kinds == ["room", "batch"])
        await bench.node.close()
    }

    @Test func `a gap makes rooms be read again, counts be shown and connections be checked`() async throws {
        let bench = try await Bench()
        bench.counting.open()
        try await bench.listener.ensureStarted()
        let room = try await bench.openRoom()
        let author = try await bench.node.maker.makeUser()
        _ = try await bench.broadcaster.onlineCount(in: room.id)
        // What another node did and could not tell.
        try await bench.node.maker.post("one", by: author, in: room)
        let (other, _) = try await bench.node.store.registerNode(
            named: "other", at: bench.node.clock.now, leaseUntil: bench.node.clock.now + .seconds(60))
        let seat = SeatCount(seat: Seat(room: room.id, user: author.id), connections: 1)
        _ = try await bench.node.store.writeSeats([seat], of: other, at: bench.node.clock.now)
        bench.bus.bring([.gap])
        #expect(await bench.hub.wait { $0.counts.contains([room.id: 1]) })
        #expect(bench.hub.seqs(in: room.id) == [1])
        #expect(bench.hub.items.contains { if case .recheck = $0 { true } else { false } })
        await bench.node.close()
    }

    @Test func `what finds no room in the queue is made up for by one look at everything`() async throws {
        let bench = try await Bench()
        try await bench.listener.ensureStarted()
        let room = try await bench.openRoom()
        let author = try await bench.node.maker.makeUser()
        try await bench.node.maker.post("one", by: author, in: room)
        bench.bus.bring([.event(.presence(PresenceChange(room: room.reference)))])
        #expect(await eventually { bench.counting.arrivals == 1 })
        let (kept, lost) = (Event.disabled(UserID(98)), Event.disabled(UserID(99)))
        for _ in 1...Limits.busQueue { bench.bus.bring([.event(kept)]) }
        bench.bus.bring([.event(lost), .grown(room.id, seq: 1)])
        bench.counting.open()
        #expect(await bench.hub.wait { $0.events.count == Limits.busQueue })
        #expect(bench.hub.seqs(in: room.id) == [])
        bench.bus.bring([.event(kept)])
        #expect(await bench.hub.wait { $0.events.count == Limits.busQueue + 1 })
        #expect(bench.hub.seqs(in: room.id) == [1] && !bench.hub.events.contains(lost))
        let looks = bench.hub.items.filter { if case .recheck = $0 { true } else { false } }
        #expect(looks.count == 1)
        await bench.node.close()
    }

    @Test func `a bus that may miss a commit is made up for by looking`() async throws {
        let bench = try await Bench(hearsEveryCommit: false)
        try await bench.listener.ensureStarted()
        let room = try await bench.openRoom()
        let author = try await bench.node.maker.makeUser()
        try await bench.node.maker.post("one", by: author, in: room)
        #expect(await bench.hub.wait { $0.seqs(in: room.id) == [1] })
        bench.listener.stop()
        await bench.node.close()
    }
}

/// A bus by which a test brings what it wants.
final class ManualBus: Bus {
    let hearsEveryCommit: Bool
    private let starting: @Sendable (Int) async -> ChatError?
    private let state = Mutex(
        (starts: 0, receive: (@Sendable ([BusEvent]) -> Void)?.none, published: [Event](), batches: [MessageBatch]()))
    /// Why nothing can be published.
    private let failure: ChatError?

    /// - Parameter starting: why attempt 1, 2, 3 … to start fails.
    init(
        hearsEveryCommit: Bool = true, failure: ChatError? = nil,
        starting: @escaping @Sendable (Int) async -> ChatError? = { _ in nil }
    ) {
        self.hearsEveryCommit = hearsEveryCommit
        self.failure = failure
        self.starting = starting
    }

    var starts: Int { state.withLock { $0.starts } }
    var published: [Event] { state.withLock { $0.published } }
    var batches: [MessageBatch] { state.withLock { $0.batches } }

    func bring(_ events: [BusEvent]) { state.withLock { $0.receive }?(events) }

    func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {
        let number = state.withLock { state in
            state.starts += 1
            return state.starts
        }
        if let error = await starting(number) { throw error }
        state.withLock { $0.receive = receive }
    }

    func publish(_ batch: MessageBatch) async throws(ChatError) {
        if let failure { throw failure }
        state.withLock { $0.batches.append(batch) }
    }

    func publish(_ events: [Event]) async throws(ChatError) {
        if let failure { throw failure }
        state.withLock { $0.published += events }
    }

    func follow(_ room: RoomID) {}
    func unfollow(_ room: RoomID) {}
    func fault() async -> ChatError? { failure }
    func stop() async {}
}
