import ChatTestKit
import Testing

@testable import ChatCore

/// Judging and carrying out a join.
@Suite struct LocalChatJoiningTests {
    @Test func `an admission opens the room's feed and tells what the client needs`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let alice = try await node.makeUser("alice")
        let room = try await node.maker.makeRoom()
        try await node.maker.post("hello", by: alice, in: room)
        let admission = try await node.service(for: alice).admit(JoinRequest(room: room.name))
        #expect(admission.access.lastSeq == 1 && admission.onlineCount == 0)
        #expect(admission.epoch == "\(try await node.store.epoch()).\(room.id.value)")
        node.chat.attach(node.hub, to: room.id)
        #expect(node.hub.openings == [1])
        await node.close()
    }

    @Test func `who may not read opens nothing`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let alice = try await node.makeUser("alice")
        let room = try await node.maker.makeRoom(isPrivate: true)
        let service = node.service(for: alice)
        await expect(.notAMember) { _ = try await service.admit(JoinRequest(room: room.name)) }
        await expect(.roomNotFound) { _ = try await service.admit(JoinRequest(room: RoomName("nowhere"))) }
        #expect(node.chat.delivery.openRooms().isEmpty)
        await node.close()
    }

    @Test func `a client that has seen more than this node makes it read the log`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let alice = try await node.makeUser("alice")
        let room = try await node.maker.makeRoom()
        let service = node.service(for: alice)
        _ = try await service.admit(JoinRequest(room: room.name))
        node.chat.attach(node.hub, to: room.id)
        // Past the core, as another node would.
        try await node.maker.post("hello", by: alice, in: room)
        _ = try await service.admit(JoinRequest(room: room.name, after: 1))
        #expect(node.hub.seqs(in: room.id) == [1])
        await node.close()
    }

    @Test func `what a client missed is read up to the cut`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let alice = try await node.makeUser("alice")
        let room = try await node.maker.makeRoom()
        for number in 1...6 { try await node.maker.post("m\(number)", by: alice, in: room) }
        let service = node.service(for: alice)
        let admission = try await service.admit(JoinRequest(room: room.name, after: 2))
        let plan = JoinPlan(admission, cut: 4)
        guard case .joined(let missed, let recovered) = await service.carryOut(plan, in: room.reference) else {
            Issue.record("not joined")
            return
        }
        #expect(missed.map(\.seq) == [3, 4] && recovered)
        #expect(await service.carryOut(.unavailable, in: room.reference) == .unavailable)
        #expect(await service.carryOut(.live(recovered: false), in: room.reference) == .joined([], recovered: false))
        await node.close()
    }

    @Test func `a log that cannot be read makes a replay unavailable`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let alice = try await node.makeUser("alice")
        let room = try await node.maker.makeRoom()
        let store = WatchedStore(node.store) { (call) throws(ChatError) in
            if case .messages = call { throw ChatError(.unavailable, "database: gone") }
        }
        let chat = Chat(
            store: store, bus: InProcessExchange().endpoint(), secrets: QuickSecrets(), coder: TextCoder(),
            clock: node.clock.wall)
        let plan = JoinPlan.replay(after: 0, through: 1)
        #expect(await chat.service(for: .user(alice)).carryOut(plan, in: room.reference) == .unavailable)
        await node.close()
    }

    @Test func `the first connection in a room is told from the next ones`() async throws {
        let observer = Observed()
        let node = try await TestNode(in: TemporaryFolder(), observer: observer)
        let alice = try await node.makeUser("alice")
        let room = try await node.maker.makeRoom()
        let service = node.service(for: alice)
        #expect(service.enter(room.reference))
        #expect(!service.enter(room.reference))
        #expect(!node.chat.service(for: .operator(as: nil)).enter(room.reference))
        #expect(
            try await eventually {
                try await node.store.onlineUsers(in: room.id, at: node.clock.now).map(\.connections) == [2]
            })
        for _ in 1...2 { service.leave(room.reference) }
        #expect(try await eventually { try await node.store.onlineCount(in: room.id, at: node.clock.now) == 0 })
        #expect(service.enter(room.reference))
        let joins = observer.all.filter { if case .joined = $0 { true } else { false } }
        #expect(joins.count == 3)
        await node.close()
    }

    @Test func `why a room was lost is told under whatever name it has by now`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("plans", .private)
        let service = try world.service(.member)
        _ = try await world.service(.owner).updateRoom(room.name, RoomChange(name: RoomName("secret")))
        #expect(try await service.lossOfReading(room) == nil)
        #expect(try await world.service(.stranger).lossOfReading(room) == .removed)
        #expect(try await world.service(.banned).lossOfReading(room) == .banned)
        try await world.service(.owner).deleteRoom(RoomName("secret"))
        #expect(try await service.lossOfReading(room) == .deleted)
        await world.node.close()
    }
}
