import ChatTestKit
import Synchronization
import Testing

@testable import ChatCore

/// What a node's hubs get of each room, whatever commits and buses bring.
@Suite struct DeliveryTests {
    /// A room in a real log, and a delivery whose questions to the log a test sees and refuses.
    private struct Bench {
        let node: TestNode
        let room: Room
        let author: User
        let delivery: Delivery
        let calls = Calls()
        let bus = FollowingBus()
        let hub = RecordingHub()

        init() async throws {
            node = try await TestNode(in: TemporaryFolder(), serves: false)
            author = try await node.maker.makeUser()
            room = try await node.maker.makeRoom()
            let store = WatchedStore(node.store) { [calls] (call) async throws(ChatError) in try await calls.take(call)
            }
            delivery = Delivery(store: store, bus: bus, coder: TextCoder())
        }

        /// Stores messages and tells nobody.
        func store(_ texts: String...) async throws {
            for text in texts { try await node.maker.post(text, by: author, in: room) }
        }

        func batch(_ seqs: ClosedRange<Int64>) -> MessageBatch {
            MessageBatch(
                room: room.id, firstSeq: seqs.lowerBound, bytes: [UInt8](repeating: 65, count: seqs.count),
                ends: Array(1...seqs.count))
        }

        func open(_ hubs: RecordingHub...) async throws {
            try await delivery.open(room.reference)
            for hub in hubs { #expect(delivery.attach(hub, to: room.id)) }
        }
    }

    // MARK: Opening and closing

    @Test func `a room is opened at its end, once, and followed on the bus`() async throws {
        let bench = try await Bench()
        try await bench.store("one", "two")
        try await bench.open(bench.hub)
        try await bench.open(bench.hub)
        #expect(bench.hub.items.count == 1)
        guard case .open(bench.room.id, position: 2) = bench.hub.items.first else {
            Issue.record("not told where the room begins")
            return
        }
        #expect(bench.bus.log == ["follow"])
        #expect(bench.delivery.openRooms() == [bench.room.reference])
        await bench.node.close()
    }

    @Test func `a room that is gone or cannot be read is not opened`() async throws {
        let bench = try await Bench()
        let gone = RoomReference(id: RoomID(99), name: try RoomName("gone"))
        await expect(.roomNotFound) { try await bench.delivery.open(gone) }
        bench.calls.areRefused = true
        await expect(.unavailable) { try await bench.delivery.open(bench.room.reference) }
        #expect(!bench.delivery.isOpen(bench.room.id))
        #expect(!bench.delivery.attach(bench.hub, to: bench.room.id))
        #expect(bench.bus.log == [] && bench.hub.items.isEmpty)
        await bench.node.close()
    }

    @Test func `the last hub to leave closes the room, and a later one begins at the new end`() async throws {
        let bench = try await Bench()
        let (other, reader) = (RecordingHub(), RecordingHub(readsLog: true))
        try await bench.open(bench.hub, other, reader)
        bench.delivery.detach(bench.hub, from: bench.room.id)
        bench.delivery.detach(other, from: bench.room.id)
        #expect(bench.delivery.isOpen(bench.room.id))
        bench.delivery.detach(reader, from: bench.room.id)
        bench.delivery.detach(reader, from: bench.room.id)
        #expect(!bench.delivery.isOpen(bench.room.id))
        bench.delivery.accept(bench.batch(1...1))
        try await bench.store("one")
        try await bench.open(bench.hub)
        #expect(bench.hub.openings.last == 1)
        #expect(bench.bus.log == ["follow", "unfollow", "follow"])
        #expect(bench.hub.seqs(in: bench.room.id) == [])
        await bench.node.close()
    }

    @Test func `a message that was stored while the room was opened is read from the log`() async throws {
        let bench = try await Bench()
        // Stored after the end was read and before the room is open, so that nobody hears of it.
        bench.calls.beforeFill = { try? await bench.store("one") }
        try await bench.open(bench.hub)
        #expect(bench.hub.openings == [1])
        await bench.node.close()
    }

    // MARK: Messages

    @Test func `batches in order go to every hub of the room and to no other`() async throws {
        let bench = try await Bench()
        let (other, stranger) = (RecordingHub(), RecordingHub())
        bench.delivery.add([stranger])
        try await bench.open(bench.hub, other)
        bench.delivery.accept(bench.batch(1...2))
        bench.delivery.accept(bench.batch(1...3))
        for hub in [bench.hub, other] { #expect(hub.seqs(in: bench.room.id) == [1, 2, 3]) }
        #expect(stranger.items.isEmpty)
        await bench.node.close()
    }

    @Test func `a batch that came early is passed on when the missing one comes, without the log`() async throws {
        let bench = try await Bench()
        try await bench.open(bench.hub)
        bench.delivery.accept(bench.batch(2...3))
        #expect(bench.hub.batches.isEmpty)
        bench.delivery.accept(bench.batch(1...1))
        #expect(bench.hub.seqs(in: bench.room.id) == [1, 2, 3])
        await bench.node.close()
    }

    @Test func `a gap that stays open is filled from the log`() async throws {
        let bench = try await Bench()
        try await bench.open(bench.hub)
        try await bench.store("one", "two", "three")
        bench.delivery.accept(bench.batch(3...3))
        #expect(await bench.hub.wait { $0.seqs(in: bench.room.id) == [1, 2, 3] })
        #expect(bench.hub.batches.first?.texts.map(\.text) == ["one", "two"] || bench.hub.batches.first?.count == 3)
        await bench.node.close()
    }

    @Test func `a gap while the log cannot be read is filled with the next chance`() async throws {
        let bench = try await Bench()
        try await bench.open(bench.hub)
        try await bench.store("one", "two", "three")
        bench.calls.areRefused = true
        bench.delivery.accept(bench.batch(2...2))
        #expect(await eventually { bench.calls.refused > 0 })
        #expect(bench.hub.batches.isEmpty)
        bench.calls.areRefused = false
        bench.delivery.accept(bench.batch(3...3))
        #expect(await bench.hub.wait { $0.seqs(in: bench.room.id) == [1, 2, 3] })
        await bench.node.close()
    }

    @Test func `news of growth is read in the log, page by page, and old news is none`() async throws {
        let bench = try await Bench()
        try await bench.open(bench.hub)
        let count = Limits.replayMessages + 5
        let drafts = try (1...count).map { try bench.node.maker.draft("m\($0)", by: bench.author, in: bench.room) }
        _ = try await bench.node.store.append(drafts, at: bench.node.clock.now).settled()
        try await bench.delivery.grown(bench.room.id, to: 1)
        #expect(bench.hub.seqs(in: bench.room.id) == (1...Int64(count)).map { $0 })
        let asked = bench.calls.pages
        try await bench.delivery.grown(bench.room.id, to: Int64(count))
        try await bench.delivery.grown(RoomID(99), to: 7)
        #expect(bench.calls.pages == asked)
        await bench.node.close()
    }

    // MARK: Hubs that read the log

    @Test func `a hub that reads the log is told of growth and costs no reading here`() async throws {
        let bench = try await Bench()
        let reader = RecordingHub(readsLog: true)
        try await bench.open(reader)
        try await bench.store("one", "two")
        let asked = bench.calls.pages
        try await bench.delivery.grown(bench.room.id, to: 2)
        bench.delivery.accept(bench.batch(3...3))
        let ends = reader.items.compactMap { if case .grown(_, let seq) = $0 { seq } else { nil } }
        #expect(ends == [2, 3] && bench.calls.pages == asked)
        // One that needs the bytes begins where the feed stands.
        #expect(bench.delivery.attach(bench.hub, to: bench.room.id))
        bench.delivery.accept(bench.batch(4...4))
        #expect(bench.hub.seqs(in: bench.room.id) == [4])
        await bench.node.close()
    }

    @Test func `with both kinds in a room each hears in its own way`() async throws {
        let bench = try await Bench()
        let reader = RecordingHub(readsLog: true)
        try await bench.open(bench.hub, reader)
        try await bench.store("one", "two")
        try await bench.delivery.grown(bench.room.id, to: 2)
        #expect(bench.hub.seqs(in: bench.room.id) == [1, 2] && reader.batches.isEmpty)
        #expect(reader.items.contains { if case .grown(_, seq: 2) = $0 { true } else { false } })
        await bench.node.close()
    }

    // MARK: Looking at the log

    @Test func `a check finds what nobody announced`() async throws {
        let bench = try await Bench()
        try await bench.open(bench.hub)
        try await bench.store("one")
        try await bench.delivery.check(bench.room.id)
        #expect(bench.hub.seqs(in: bench.room.id) == [1])
        try await bench.store("two")
        try await bench.delivery.checkAll()
        #expect(bench.hub.seqs(in: bench.room.id) == [1, 2])
        await bench.node.close()
    }

    @Test func `a check of everything asks once for all rooms, and for nothing where none is open`() async throws {
        let bench = try await Bench()
        try await bench.delivery.checkAll()
        #expect(bench.calls.ends == 0)
        for _ in 1...5 {
            let room = try await bench.node.maker.makeRoom()
            try await bench.delivery.open(room.reference)
        }
        let pages = bench.calls.pages
        try await bench.delivery.checkAll()
        #expect(bench.calls.ends == 1 && bench.calls.pages == pages)
        bench.calls.areRefused = true
        await #expect(throws: ChatError.self) { try await bench.delivery.checkAll() }
        bench.calls.areRefused = false
        await bench.node.close()
    }

    @Test func `a renamed room's messages are read under its new name`() async throws {
        let bench = try await Bench()
        try await bench.open(bench.hub)
        let renamed = RoomReference(id: bench.room.id, name: try RoomName("renamed"))
        bench.delivery.rename(renamed)
        bench.delivery.rename(RoomReference(id: RoomID(99), name: renamed.name))
        #expect(bench.delivery.openRooms() == [renamed])
        await bench.node.close()
    }
}

/// What was asked of a log, and what a test does about it.
private final class Calls: Sendable {
    private struct State {
        var pages = 0
        var ends = 0
        var refused = 0
        var areRefused = false
        var beforeFill: (@Sendable () async -> Void)?
    }

    private let state = Mutex(State())

    var pages: Int { state.withLock { $0.pages } }
    var ends: Int { state.withLock { $0.ends } }
    var refused: Int { state.withLock { $0.refused } }

    var areRefused: Bool {
        get { state.withLock { $0.areRefused } }
        set { state.withLock { $0.areRefused = newValue } }
    }

    var beforeFill: (@Sendable () async -> Void)? {
        get { state.withLock { $0.beforeFill } }
        set { state.withLock { $0.beforeFill = newValue } }
    }

    func take(_ call: WatchedStore.Call) async throws(ChatError) {
        let (isRefused, act) = state.withLock { state -> (Bool, (@Sendable () async -> Void)?) in
            if case .messages = call { state.pages += 1 }
            if call == .lastSeqs { state.ends += 1 }
            if state.areRefused { state.refused += 1 }
            guard case .messages = call else { return (state.areRefused, nil) }
            defer { state.beforeFill = nil }
            return (state.areRefused, state.beforeFill)
        }
        await act?()
        if isRefused { throw ChatError(.unavailable, "database: gone") }
    }
}

/// A bus that keeps which rooms it is to follow.
private final class FollowingBus: Bus {
    let hearsEveryCommit = true
    private let entries = Mutex<[String]>([])

    var log: [String] { entries.withLock { $0 } }

    func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {}
    func publish(_ batch: MessageBatch) async throws(ChatError) {}
    func publish(_ events: [Event]) async throws(ChatError) {}
    func follow(_ room: RoomID) { entries.withLock { $0.append("follow") } }
    func unfollow(_ room: RoomID) { entries.withLock { $0.append("unfollow") } }
    func fault() async -> ChatError? { nil }
    func stop() async {}
}
