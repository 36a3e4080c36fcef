import ChatTestKit
import Synchronization
import Testing

@testable import ChatCore

/// Posting, typing and reading up to, in a user's name.
@Suite struct LocalChatPostingTests {
    @Test func `who sends gets the stored message, and everyone its frame once`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        let service = try world.service(.member)
        let message = try await service.send(MessageBody("hello"), to: room.name, clientID: ClientID("c-1"))
        #expect(message.seq == 2 && message.author.username.text == "member" && message.room == room)
        #expect(try await service.message(in: room.name, seq: 2) == message)
        let again = try await service.send(MessageBody("hello"), to: room.name, clientID: ClientID("c-1"))
        #expect(again == message)
        #expect(world.node.hub.seqs(in: room.id) == [2])
        await world.node.close()
    }

    @Test func `completions come once each, in the order of the posts, after the broadcast`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        let service = try world.service(.member)
        let told = Mutex<[Int64]>([])
        let shownFirst = Mutex(true)
        for number in 1...40 {
            service.post(try MessageBody("m\(number)"), in: room.id, clientID: nil) { result in
                guard let seq = try? result.get().message.seq else { return }
                if !world.node.hub.seqs(in: room.id).contains(seq) { shownFirst.withLock { $0 = false } }
                told.withLock { $0.append(seq) }
            }
        }
        await world.node.chat.stopPosting()
        #expect(told.withLock { $0 } == Array(2...41))
        #expect(shownFirst.withLock { $0 })
        #expect(world.node.hub.seqs(in: room.id) == Array(2...41))
        await world.node.close()
    }

    @Test func `many messages are stored in their order, past one commit`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        let admin = try world.service(.admin)
        let count = Limits.journalBatch + 10
        try await admin.send(all: (1...count).map { try MessageBody("m\($0)") }, to: room.name)
        let last = try await admin.messages(in: room.name, .latest, limit: 3).map(\.body.text)
        #expect(last == (count - 2...count).map { "m\($0)" })
        #expect(world.node.hub.seqs(in: room.id) == (2...Int64(count + 1)).map { $0 })
        await world.node.close()
    }

    @Test func `posting into a room that is gone says so`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        try await world.service(.owner).deleteRoom(room.name)
        let service = try world.service(.member)
        await expect(.roomNotFound) { _ = try await service.send(MessageBody("x"), to: room.name, clientID: nil) }
        await expect(.roomNotFound) { try await service.send(all: [MessageBody("x")], to: room.name) }
        let code = await withCheckedContinuation { continuation in
            service.post(MessageBody(stored: "x"), in: room.id, clientID: nil) { result in
                if case .failure(let error) = result {
                    continuation.resume(returning: error.code as ErrorCode?)
                } else {
                    continuation.resume(returning: nil)
                }
            }
        }
        #expect(code == .roomNotFound)
        await world.node.close()
    }

    @Test func `an archived room takes nothing, not even from its owner`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        _ = try await world.service(.owner).updateRoom(room.name, RoomChange(archived: true))
        for who in [Who.owner, .admin, .member] {
            await expect(.archived) {
                _ = try await world.service(who).send(MessageBody("x"), to: room.name, clientID: nil)
            }
        }
        #expect(try await world.service(.member).messages(in: room.name, .latest, limit: 9).count == 1)
        await world.node.close()
    }

    // MARK: Rates

    @Test func `a user's messages are bounded over all ways of posting, an administrator's are not`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        let service = try world.service(.member)
        let bodies = (1...Limits.messageBurst).map { MessageBody(stored: "m\($0)") }
        try await service.send(all: bodies, to: room.name)
        await expect(.rateLimited) { _ = try await service.send(bodies[0], to: room.name, clientID: nil) }
        world.node.clock.advance(by: .seconds(1))
        await expect(.rateLimited) { try await service.send(all: bodies, to: room.name) }
        let count = Int64(1 + Limits.messageBurst + Limits.messagesPerSecond)
        #expect(try await world.node.store.lastSeq(of: room.id) == count)
        let admin = try world.service(.admin)
        try await admin.send(all: bodies + bodies, to: room.name)
        #expect(try await world.node.store.lastSeq(of: room.id) == count + Int64(2 * bodies.count))
        await world.node.close()
    }

    // MARK: Typing

    @Test(arguments: [Who.member, .owner, .stranger, .admin])
    func `who may post is shown to type`(who: Who) async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        _ = world.takeShown()
        await (try world.service(who)).type(in: room)
        #expect(world.takeShown() == ["\(who) types in general"])
        await world.node.close()
    }

    @Test(arguments: [Who.banned, .muted, .operator])
    func `who may not post is not shown to type`(who: Who) async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        _ = world.takeShown()
        await (try world.service(who)).type(in: room)
        #expect(world.takeShown() == [])
        await world.node.close()
    }

    @Test func `typing too often is dropped, in a room that is archived or gone too`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        _ = world.takeShown()
        let service = try world.service(.member)
        for _ in 1...Limits.messageBurst + 5 { await service.type(in: room) }
        #expect(world.takeShown().count == Limits.messageBurst)
        world.node.clock.advance(by: .seconds(60))
        // A room of the same name is another room.
        await service.type(in: RoomReference(id: RoomID(room.id.value + 99), name: room.name))
        _ = try await world.service(.owner).updateRoom(room.name, RoomChange(archived: true))
        _ = world.takeShown()
        await service.type(in: room)
        #expect(world.takeShown() == [])
        await world.node.close()
    }

    // MARK: Read marks

    @Test func `how far somebody has read is written behind, once, and never goes back`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let written = Mutex<[[ReadMark]]>([])
        let user = try await node.makeUser("alice")
        let chat = quietChat(node) { (call) throws(ChatError) in
            if case .markRead(let marks) = call { written.withLock { $0.append(marks) } }
        }
        let room = RoomID(1)
        for seq in [Int64(1), 5, 3] { chat.service(for: .user(user)).markRead(room, through: seq) }
        chat.service(for: .operator(as: nil)).markRead(room, through: 9)
        await chat.writeNotes()
        await chat.writeNotes()
        #expect(written.withLock { $0 } == [[ReadMark(seat: Seat(room: room, user: user.id), seq: 5)]])
        await node.close()
    }

    @Test func `marks that could not be written are written with the next`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let written = Mutex<[[ReadMark]]>([])
        let user = try await node.makeUser("alice")
        let isOut = Mutex(true)
        let chat = quietChat(node) { (call) throws(ChatError) in
            guard case .markRead(let marks) = call else { return }
            if isOut.withLock({ $0 }) { throw ChatError(.unavailable, "database: gone") }
            written.withLock { $0.append(marks) }
        }
        chat.service(for: .user(user)).markRead(RoomID(1), through: 5)
        await chat.writeNotes()
        chat.service(for: .user(user)).markRead(RoomID(2), through: 7)
        isOut.withLock { $0 = false }
        await chat.writeNotes()
        let marks = written.withLock { $0.flatMap { $0 } }
        #expect(marks.count == 2)
        #expect(marks.contains(ReadMark(seat: Seat(room: RoomID(1), user: user.id), seq: 5)))
        await node.close()
    }

    /// A core over the node's store that tells of its calls and writes nothing by itself.
    private func quietChat(
        _ node: TestNode, _ before: @escaping @Sendable (WatchedStore.Call) async throws(ChatError) -> Void
    ) -> Chat {
        Chat(
            store: WatchedStore(node.store, before: before), bus: InProcessExchange().endpoint(),
            secrets: QuickSecrets(), coder: TextCoder(), clock: node.clock.wall)
    }
}
