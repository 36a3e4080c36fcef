import ChatTestKit
import Testing

@testable import ChatCore

/// Rooms and members, beside who may do what: what is made, shown and counted.
@Suite struct LocalChatRoomsTests {
    private func new(_ name: String, members: [String] = [], isPrivate: Bool = false) throws -> NewRoom {
        try NewRoom(name: RoomName(name), isPrivate: isPrivate, topic: "", members: members.map { try Username($0) })
    }

    @Test func `a new room is shown to its members and to nobody else`() async throws {
        let world = try await World()
        let room = try await world.service(.stranger).createRoom(
            new("plans", members: ["mate", "guest"], isPrivate: true))
        #expect(room.memberCount == 3)
        #expect(Set(world.takeShown()) == ["plans to stranger", "plans to mate", "plans to guest"])
        #expect(
            try await world.service(.stranger).members(of: room.name).first { $0.role == .owner }?.username.text
                == "stranger")
        await world.node.close()
    }

    @Test func `an operator without a name makes a room without an owner`() async throws {
        let world = try await World()
        let room = try await world.service(.operator).createRoom(new("lobby"))
        #expect(room.memberCount == 0)
        #expect(world.takeShown() == [])
        await world.node.close()
    }

    @Test func `a room that cannot be made leaves nothing`() async throws {
        let world = try await World()
        _ = try await world.makeRoom("general", .public)
        let (before, _) = (try await world.snapshot(), world.takeShown())
        let service = try world.service(.member)
        await expect(.alreadyExists) { _ = try await service.createRoom(new("general")) }
        await expect(.userNotFound) { _ = try await service.createRoom(new("other", members: ["mate", "nobody"])) }
        #expect(try await world.snapshot() == before)
        #expect(world.takeShown() == [])
        await world.node.close()
    }

    @Test func `lists show public rooms and one's own, and everything to the operator`() async throws {
        let world = try await World()
        for (name, kind) in [("general", RoomKind.public), ("plans", .private)] {
            _ = try await world.makeRoom(name, kind)
        }
        _ = try await world.makeDirectRoom()
        func names(_ who: Who, _ filter: RoomFilter = RoomFilter()) async throws -> [String] {
            try await world.service(who).rooms(filter).map(\.name.text)
        }
        #expect(try await names(.stranger) == ["general"])
        #expect(try await names(.member) == ["direct", "general", "plans"])
        #expect(try await names(.owner) == ["general", "plans"])
        #expect(try await names(.operator) == ["direct", "general", "plans"])
        #expect(try await names(.member, RoomFilter(kind: .private)) == ["plans"])
        #expect(try await names(.stranger, RoomFilter(member: Username("member"))) == ["general"])
        await expect(.userNotFound) { _ = try await names(.member, RoomFilter(member: Username("nobody"))) }
        await world.node.close()
    }

    @Test func `anyone joins and leaves a public room alone, except who is banned`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public).name
        _ = world.takeShown()
        for who in [Who.stranger, .admin] {
            let (service, name) = (try world.service(who), try Username(who.rawValue))
            try await service.setMember(name, of: room, role: nil)
            #expect(world.takeShown() == ["general to \(who)"])
            try await service.setMember(name, of: room, role: nil)
            #expect(world.takeShown() == [])
            try await service.removeMember(name, of: room)
            #expect(world.takeShown() == ["\(who) removed from general"])
            try await service.removeMember(name, of: room)
            #expect(world.takeShown() == [])
        }
        await expect(.notAllowed) {
            try await world.service(.banned).setMember(Username("banned"), of: room, role: nil)
        }
        await expect(.notAllowed) {
            try await world.service(.member).setMember(Username("member"), of: room, role: .owner)
        }
        #expect(world.takeShown() == [])
        await world.node.close()
    }

    @Test func `a private room is left alone, and entered only with a moderator`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("plans", .private).name
        _ = world.takeShown()
        let (service, name) = (try world.service(.member), try Username("member"))
        try await service.removeMember(name, of: room)
        #expect(world.takeShown() == ["member removed from plans"])
        await expect(.notAllowed) { try await service.setMember(name, of: room, role: nil) }
        await world.node.close()
    }

    @Test func `a room keeps its last owner`() async throws {
        let world = try await World()
        let room = try await world.service(.owner).createRoom(new("mine", members: ["mate"])).name
        _ = world.takeShown()
        let owner = try Username("owner")
        for who in [Who.owner, .admin, .operator] {
            await expect(.notAllowed) { try await world.service(who).removeMember(owner, of: room) }
        }
        await expect(.notAllowed) { try await world.service(.admin).kick(owner, from: room) }
        await expect(.notAllowed) { try await world.service(.admin).setMember(owner, of: room, role: .member) }
        #expect(world.takeShown() == [])
        await world.node.close()
    }

    @Test func `a ban and a mute end with their time or when they are lifted`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        let (moderator, mate) = (try world.service(.moderator), try world.user("mate"))
        let service = world.node.service(for: mate)
        let body = try MessageBody("x")
        func post() async throws { _ = try await service.send(body, to: room.name, clientID: nil) }
        try await moderator.restrict(.mute, mate.username, in: room.name, for: .seconds(60), reason: "")
        await expect(.muted) { try await post() }
        try await moderator.lift(.mute, from: mate.username, in: room.name)
        try await post()
        try await moderator.restrict(.ban, mate.username, in: room.name, for: .seconds(60), reason: "")
        await expect(.banned) { try await post() }
        #expect(try await service.lossOfReading(room) == .banned)
        world.node.clock.advance(by: .seconds(60))
        try await post()
        #expect(try await service.lossOfReading(room) == nil)
        await world.node.close()
    }

    // MARK: Direct rooms

    @Test func `a direct room is made once, by either of its two`() async throws {
        let world = try await World()
        let (mate, member) = (try Username("mate"), try Username("member"))
        let (room, made) = try await world.service(.member).directRoom(member, mate)
        #expect(made && room.kind == .direct && room.memberCount == 2)
        #expect(Set(world.takeShown()) == ["\(room.name) to mate", "\(room.name) to member"])
        let again = try await world.node.service(for: world.user("mate")).directRoom(mate, member)
        #expect(!again.made && again.room.id == room.id)
        #expect(world.takeShown() == [])
        await expect(.notAllowed) { _ = try await world.service(.admin).directRoom(mate, member) }
        await expect(.invalidInput) { _ = try await world.service(.member).directRoom(member, member) }
        await expect(.userNotFound) { _ = try await world.service(.member).directRoom(member, Username("nobody")) }
        #expect(try await !world.service(.operator).directRoom(mate, member).made)
        await world.node.close()
    }

    // MARK: Rates

    @Test func `rooms a minute are bounded, and a direct room that existed does not count`() async throws {
        let observer = Observed()
        let node = try await TestNode(in: TemporaryFolder(), observer: observer)
        let (alice, bob) = (try await node.makeUser("alice"), try await node.makeUser("bob"))
        let service = node.service(for: alice)
        _ = try await service.directRoom(alice.username, bob.username)
        for _ in 1...Limits.creationsPerMinute {
            #expect(try await !service.directRoom(alice.username, bob.username).made)
        }
        for number in 2...Limits.creationsPerMinute { _ = try await service.createRoom(new("room-\(number)")) }
        await expect(.rateLimited) { _ = try await service.createRoom(new("one-too-many")) }
        #expect(try await !service.directRoom(alice.username, bob.username).made)
        let carol = try await node.makeUser("carol")
        await expect(.rateLimited) { _ = try await service.directRoom(alice.username, carol.username) }
        #expect(observer.limited == [.room, .room])
        node.clock.advance(by: .seconds(3))
        _ = try await service.createRoom(new("next"))
        await node.close()
    }

    @Test func `no direct room is made with a disabled account, and one that exists is found`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let operation = node.chat.service(for: .operator(as: nil))
        let names = try ["alice", "bob", "carol"].map { try Username($0) }
        for name in names { _ = try await node.makeUser(name.text) }
        let known = try await operation.directRoom(names[0], names[1]).room
        _ = try await operation.updateUser(names[1], UserChange(disabled: true))
        #expect(try await operation.directRoom(names[1], names[0]).room.id == known.id)
        await expect(.disabled) { _ = try await operation.directRoom(names[1], names[2]) }
        await node.close()
    }

    @Test func `tokens a minute are bounded, and administrators are not`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let (alice, root) = (try await node.makeUser("alice"), try await node.makeUser("root", role: .admin))
        for user in [root, alice] {
            for _ in 1...Limits.creationsPerMinute {
                _ = try await node.service(for: user).createToken(for: user.username, label: "", life: nil)
            }
        }
        _ = try await node.service(for: root).createToken(for: root.username, label: "", life: nil)
        await expect(.rateLimited) {
            _ = try await node.service(for: alice).createToken(for: alice.username, label: "", life: nil)
        }
        await node.close()
    }
}
