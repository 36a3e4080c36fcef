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
            hearsEveryCommit: Bool = true, starting: @escaping @Sendable (Int) async -> ChatError? = { _ in nil },
            before: @escaping @Sendable (WatchedStore.Call) async throws(ChatError) -> Void = { _ in }
        ) async throws {
            node = try await TestNode(in: TemporaryFolder(), serves: false)
            bus = ManualBus(hearsEveryCommit: hearsEveryCommit, starting: starting)
            let store = WatchedStore(node.store) { [counting] (call) async throws(ChatError) in
                if call == .onlineCount { await counting.pass() }
                try await before(call)
            }
            broadcaster = Broadcaster(store: store, bus: bus, coder: TextCoder(), clock: node.clock.wall)
            listener = BusListener(bus: bus, broadcaster: broadcaster)
            broadcaster.delivery.add([hub])
        }

        /// Does what another node does that cannot announce it: edits message 1, deletes message 2 and renames the room, and
        /// edits a message of a room that nobody here is in.
        func change(_ room: Room, and elsewhere: Room) async throws -> Room {
            let (act, now) = (Act("test.act", by: .operator(as: nil), on: "test"), node.clock.now)
            let body = try MessageBody("uno")
            _ = try await node.store.editMessage(in: room.reference, seq: 1, to: body, at: now, act: act)
            _ = try await node.store.editMessage(in: elsewhere.reference, seq: 1, to: body, at: now, act: act)
            _ = try await node.store.deleteMessage(in: room.id, seq: 2, at: now, act: act)
            return try await node.store.updateRoom(room.id, RoomChange(name: RoomName("renamed")), at: now, act: act)
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

    @Test func `after a gap, edits, deletions and renames are shown that nobody announced here`() async throws {
        let bench = try await Bench()
        bench.counting.open()
        try await bench.listener.ensureStarted()
        let (room, elsewhere) = (try await bench.openRoom(), try await bench.node.maker.makeRoom())
        let author = try await bench.node.maker.makeUser()
        for text in ["one", "two"] { try await bench.node.maker.post(text, by: author, in: room) }
        try await bench.node.maker.post("closed", by: author, in: elsewhere)
        bench.bus.bring([.grown(room.id, seq: 2)])
        #expect(await bench.hub.wait { $0.seqs(in: room.id) == [1, 2] })
        let renamed = try await bench.change(room, and: elsewhere)
        bench.bus.bring([.gap])
        #expect(await bench.hub.wait { $0.events == [.messageDeleted(room: renamed.reference, seq: 2)] })
        let edited = bench.hub.items.compactMap { if case .edited(let message) = $0 { message } else { nil } }
        #expect(edited.map(\.body.text) == ["uno"] && edited.map(\.room) == [renamed.reference])
        let rooms = bench.hub.items.compactMap { if case .room(let room, _) = $0 { room.name } else { nil } }
        #expect(rooms == [renamed.name])
        await bench.node.close()
    }

    @Test func `what a gap may have hidden is looked for until the database answers`() async throws {
        let failures = Counter()
        let bench = try await Bench(before: { call throws(ChatError) in
            guard call == .changes, failures.count < 2 else { return }
            failures.add()
            throw ChatError(.unavailable, "database: gone")
        })
        bench.counting.open()
        try await bench.listener.ensureStarted()
        let (room, elsewhere) = (try await bench.openRoom(), try await bench.node.maker.makeRoom())
        let author = try await bench.node.maker.makeUser()
        for text in ["one", "two"] { try await bench.node.maker.post(text, by: author, in: room) }
        try await bench.node.maker.post("closed", by: author, in: elsewhere)
        _ = try await bench.change(room, and: elsewhere)
        bench.bus.bring([.gap])
        #expect(await bench.hub.wait { !$0.events.isEmpty })
        #expect(failures.count == 2)
        // Connections check their rights until they have succeeded by themselves.
        #expect(bench.hub.items.filter { if case .recheck = $0 { true } else { false } }.count == 1)
        await bench.node.close()
    }

    @Test func `an event that cannot be shown now is made up for later`() async throws {
        let failures = Counter()
        let bench = try await Bench(before: { call throws(ChatError) in
            guard call == .message(seq: 1), failures.count < 1 else { return }
            failures.add()
            throw ChatError(.unavailable, "database: gone")
        })
        bench.counting.open()
        try await bench.listener.ensureStarted()
        let (room, elsewhere) = (try await bench.openRoom(), try await bench.node.maker.makeRoom())
        let author = try await bench.node.maker.makeUser()
        for text in ["one", "two"] { try await bench.node.maker.post(text, by: author, in: room) }
        try await bench.node.maker.post("closed", by: author, in: elsewhere)
        _ = try await bench.change(room, and: elsewhere)
        bench.bus.bring([.event(.messageEdited(room: room.reference, seq: 1))])
        #expect(await bench.hub.wait { $0.items.contains { if case .edited = $0 { true } else { false } } })
        #expect(failures.count == 1)
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
        #expect(await bench.hub.wait { $0.events.count == Limits.busQueue + 1 && $0.seqs(in: room.id) == [1] })
        #expect(!bench.hub.events.contains(lost))
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
