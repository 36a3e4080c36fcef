import ChatTestKit
import Synchronization
import Testing

@testable import ChatCore

/// A feed over the log in this process: what comes out is the log, once and in order, whatever happens meanwhile.
@Suite struct LocalFeedTests {
    struct Bench {
        let node: TestNode
        let alice: User
        let rooms: [Room]

        init(rooms count: Int = 1, isPrivate: Bool = false) async throws {
            node = try await TestNode(in: TemporaryFolder())
            alice = try await node.makeUser("alice", role: .admin)
            var rooms: [Room] = []
            for number in 1...count {
                rooms.append(
                    try await node.service(for: alice).createRoom(
                        NewRoom(name: RoomName("room-\(number)"), isPrivate: isPrivate, topic: "", members: [])))
            }
            self.rooms = rooms
        }

        func post(_ text: String, in room: Int = 0) async throws {
            _ = try await node.service(for: alice).send(MessageBody(text), to: rooms[room].name, clientID: nil)
        }

        func position(_ room: Int = 0, after: Int64 = 0) -> RoomPosition {
            RoomPosition(room: rooms[room].name, after: after)
        }
    }

    /// Takes items until `count` messages have come; others are passed over.
    private func texts(_ feed: any Feed, _ count: Int) async throws -> [String] {
        var texts: [String] = []
        while texts.count < count, let item = try await feed.next() {
            if case .message(let message, _) = item { texts.append(message.body.text) }
        }
        return texts
    }

    @Test func `history comes first, then what is posted`() async throws {
        let bench = try await Bench()
        for number in 1...3 { try await bench.post("m\(number)") }
        let feed = try await bench.node.service(for: bench.alice).feed()
        try await feed.add(bench.position(after: 1))
        #expect(try await texts(feed, 2) == ["m2", "m3"])
        let next = Task { try await texts(feed, 1) }
        try await bench.post("m4")
        #expect(try await next.value == ["m4"])
        await feed.close()
        await bench.node.close()
    }

    @Test func `a log is followed whatever its room is called`() async throws {
        let bench = try await Bench(rooms: 2)
        let service = bench.node.service(for: bench.alice)
        let log = try await service.log(of: bench.rooms[0].name)
        try await bench.post("old")
        let name = try RoomName("renamed")
        _ = try await service.updateRoom(bench.rooms[0].name, RoomChange(name: name))
        _ = try await service.updateRoom(bench.rooms[1].name, RoomChange(name: bench.rooms[0].name))
        let feed = try await service.feed()
        try await feed.add(RoomPosition(room: log.name, after: 0, epoch: log.epoch))
        guard case .message(let message, let epoch)? = try await feed.next() else {
            Issue.record("no message")
            return
        }
        #expect(message.body.text == "old" && message.room.name == name && epoch == log.epoch)
        await expect(.roomNotFound) { try await feed.add(RoomPosition(room: log.name, after: 0, epoch: "x.1")) }
        await feed.close()
        await bench.node.close()
    }

    @Test func `a feed ends when the database was restored under it`() async throws {
        let bench = try await Bench()
        let feed = try await bench.node.service(for: bench.alice).feed()
        try await feed.add(bench.position())
        let next = Task { try await texts(feed, 1) }
        _ = try await bench.node.database.migrator.renewEpoch(
            Act("test.act", by: .operator(as: nil), on: "test"), at: bench.node.clock.now + .seconds(3_600))
        await expect(.unavailable, saying: "was restored") { _ = try await next.value }
        await feed.close()
        await bench.node.close()
    }

    @Test func `rooms are added and removed while it runs`() async throws {
        let bench = try await Bench(rooms: 2)
        let feed = try await bench.node.service(for: bench.alice).feed()
        try await feed.add(bench.position(0))
        try await bench.post("a1", in: 0)
        #expect(try await texts(feed, 1) == ["a1"])
        try await bench.post("b1", in: 1)
        try await feed.add(bench.position(1))
        #expect(try await texts(feed, 1) == ["b1"])
        try await bench.post("a2", in: 0)
        await feed.remove(bench.rooms[0].name)
        await feed.remove(bench.rooms[0].name)
        try await bench.post("b2", in: 1)
        #expect(try await texts(feed, 1) == ["b2"])
        try await feed.add(bench.position(0, after: 1))
        #expect(try await texts(feed, 1) == ["a2"])
        await feed.close()
        #expect(bench.node.chat.delivery.openRooms().isEmpty)
        await bench.node.close()
    }

    @Test func `closing one feed ends it and leaves the other`() async throws {
        let bench = try await Bench()
        let service = bench.node.service(for: bench.alice)
        let (one, two) = (try await service.feed(), try await service.feed())
        for feed in [one, two] { try await feed.add(bench.position()) }
        let waiting = Task { try await one.next() }
        await one.close()
        await one.close()
        #expect(try await waiting.value == nil)
        #expect(try await one.next() == nil)
        try await bench.post("m1")
        #expect(try await texts(two, 1) == ["m1"])
        await two.close()
        await bench.node.close()
    }

    @Test func `a consumer that is cancelled gets an end`() async throws {
        let bench = try await Bench()
        let feed = try await bench.node.service(for: bench.alice).feed()
        try await feed.add(bench.position())
        let waiting = Task { try await feed.next() }
        waiting.cancel()
        #expect(try await waiting.value == nil)
        await feed.close()
        await bench.node.close()
    }

    @Test func `what is posted while it is added comes once`() async throws {
        let bench = try await Bench()
        let count = 200
        let posting = Task {
            let bodies = try (1...count).map { try MessageBody("m\($0)") }
            try await bench.node.service(for: bench.alice).send(all: bodies, to: bench.rooms[0].name)
        }
        let feed = try await bench.node.service(for: bench.alice).feed()
        try await feed.add(bench.position())
        #expect(try await texts(feed, count) == (1...count).map { "m\($0)" })
        try await posting.value
        await feed.close()
        await bench.node.close()
    }

    // MARK: Rights

    @Test func `a removed user is told, and the other rooms go on`() async throws {
        let bench = try await Bench(rooms: 2, isPrivate: true)
        let (bob, service) = (try await bench.node.makeUser("bob"), bench.node.service(for: bench.alice))
        for room in bench.rooms { try await service.setMember(bob.username, of: room.name, role: nil) }
        let feed = try await bench.node.service(for: bob).feed()
        for room in 0...1 { try await feed.add(bench.position(room)) }
        try await service.kick(bob.username, from: bench.rooms[0].name)
        try await bench.post("unseen", in: 0)
        try await bench.post("seen", in: 1)
        var items: [FeedItem] = []
        while items.count < 2, let item = try await feed.next() { items.append(item) }
        #expect(items.first == .removed(room: bench.rooms[0].name, reason: .kicked))
        guard case .message(let message, _) = items.last else {
            Issue.record("no message: \(items)")
            return
        }
        #expect(message.body.text == "seen")
        await expect(.notAMember) { try await feed.add(bench.position(0)) }
        await feed.close()
        await bench.node.close()
    }

    @Test func `a room that was lost and is added again before anybody looked goes on`() async throws {
        let bench = try await Bench(isPrivate: true)
        let (bob, service) = (try await bench.node.makeUser("bob"), bench.node.service(for: bench.alice))
        let room = bench.rooms[0].name
        try await service.setMember(bob.username, of: room, role: nil)
        let feed = try await bench.node.service(for: bob).feed()
        try await feed.add(bench.position())
        try await service.kick(bob.username, from: room)
        try await service.setMember(bob.username, of: room, role: nil)
        try await feed.add(bench.position())
        try await bench.post("first")
        #expect(try await texts(feed, 1) == ["first"])
        let next = Task { try await texts(feed, 1) }
        try await bench.post("second")
        #expect(try await next.value == ["second"])
        await feed.close()
        await bench.node.close()
    }

    @Test func `after a doubt a right that ended meanwhile is noticed`() async throws {
        let bench = try await Bench(isPrivate: true)
        let (bob, service) = (try await bench.node.makeUser("bob"), bench.node.service(for: bench.alice))
        let room = bench.rooms[0]
        try await service.setMember(bob.username, of: room.name, role: nil)
        let feed = try await bench.node.service(for: bob).feed()
        try await feed.add(bench.position())
        // Past the core, as what a lost bus did not tell.
        let act = Act("test.act", by: .operator(as: nil), on: "test")
        _ = try await bench.node.store.removeMember(
            bob.id, of: room.id, orStranger: false, at: bench.node.clock.now, act: act)
        bench.node.chat.delivery.post(.recheck)
        #expect(try await feed.next() == .removed(room: room.name, reason: .removed))
        await feed.close()
        await bench.node.close()
    }

    @Test func `a room that cannot be followed leaves the feed as it was`() async throws {
        let bench = try await Bench()
        let feed = try await bench.node.service(for: bench.alice).feed()
        await expect(.roomNotFound) { try await feed.add(RoomPosition(room: RoomName("nowhere"), after: 0)) }
        try await feed.add(bench.position())
        try await bench.post("m1")
        #expect(try await texts(feed, 1) == ["m1"])
        await feed.close()
        await bench.node.close()
    }

    // MARK: Model

    @Test(arguments: 0..<6) func `whatever is added and removed, what comes out is the log`(seed: Int) async throws {
        let bench = try await Bench(rooms: 4)
        var random = Seeded(seed)
        let service = bench.node.service(for: bench.alice)
        let readers = [Reader(try await service.feed()), Reader(try await service.feed())]
        for reader in readers { try await reader.feed.add(bench.position(3)) }
        /// Follows a room from behind what was read. Everything given out before a message of the last room is read then.
        func add(_ room: Int, to reader: Reader) async throws {
            let mark = "mark-\(UInt64.random(in: 0...UInt64.max))"
            try await bench.post(mark, in: 3)
            #expect(await eventually { reader.texts(of: bench.rooms[3].name).contains(mark) })
            try await reader.feed.add(bench.position(room, after: reader.position(of: bench.rooms[room].name)))
        }
        var logs = [[String]](repeating: [], count: 3)
        for step in 1...60 {
            let room = Int.random(in: 0...2, using: &random)
            let reader = readers[Int.random(in: 0...1, using: &random)]
            switch Int.random(in: 0...5, using: &random) {
            case 0: try await add(room, to: reader)
            case 1: await reader.feed.remove(bench.rooms[room].name)
            default:
                logs[room].append("m\(step)")
                try await bench.post("m\(step)", in: room)
            }
        }
        // What a removed room did not bring is brought once it is added again.
        for reader in readers {
            for room in 0...2 { try await add(room, to: reader) }
        }
        for reader in readers {
            for (room, log) in zip(bench.rooms, logs) {
                #expect(await eventually { reader.texts(of: room.name).count >= log.count })
                #expect(reader.texts(of: room.name) == log)
            }
            await reader.close()
        }
        await bench.node.close()
    }
}

/// Reads a feed to its end and keeps the messages of each room.
private final class Reader: Sendable {
    let feed: any Feed
    private let read = Mutex<[RoomName: [Message]]>([:])
    private let task = Mutex<Task<Void, any Error>?>(nil)

    init(_ feed: any Feed) {
        self.feed = feed
        task.withLock { task in
            task = Task { [self] in
                while let item = try await feed.next() {
                    if case .message(let message, _) = item {
                        read.withLock { $0[message.room.name, default: []].append(message) }
                    }
                }
            }
        }
    }

    func position(of room: RoomName) -> Int64 { read.withLock { $0[room]?.last?.seq ?? 0 } }

    func texts(of room: RoomName) -> [String] { read.withLock { ($0[room] ?? []).map(\.body.text) } }

    func close() async {
        await feed.close()
        _ = await task.withLock { $0 }?.result
    }
}
