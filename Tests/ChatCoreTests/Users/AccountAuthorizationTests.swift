import ChatTestKit
import Synchronization
import Testing

@testable import ChatCore

/// A use case on the account `mate`, and which callers it is refused to.
struct AccountAct: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let shows: [String]
    let run: @Sendable (LocalChat) async throws -> Void

    private static let mate = Username(stored: "mate")

    static let all = [
        AccountAct(testDescription: "list the users", shows: []) { _ = try await $0.users() },
        AccountAct(testDescription: "make a user", shows: []) { service in
            let name = try Username("made-by-\(service.caller.auditName)")
            _ = try await service.createUser(NewUser(username: name, displayName: nil, role: .user, password: nil))
        },
        AccountAct(testDescription: "rename another", shows: []) { service in
            _ = try await service.updateUser(mate, UserChange(displayName: "Mate"))
        },
        AccountAct(testDescription: "change another's password", shows: ["all sessions of mate ended"]) { service in
            _ = try await service.updateUser(mate, UserChange(password: "new password"))
        },
        AccountAct(testDescription: "list another's tokens", shows: []) { _ = try await $0.tokens(of: mate) },
        AccountAct(testDescription: "make and revoke a token for another", shows: ["session of mate ended"]) {
            let issued = try await $0.createToken(for: mate, label: "x", life: nil)
            try await $0.revokeToken(issued.token.id, of: mate)
        },
        AccountAct(testDescription: "disable and enable another", shows: ["mate disabled"]) { service in
            _ = try await service.updateUser(mate, UserChange(disabled: true))
            _ = try await service.updateUser(mate, UserChange(disabled: false))
        },
        AccountAct(testDescription: "give another a role", shows: ["mate has another role", "mate has another role"]) {
            service in
            for role in [SiteRole.admin, .admin, .user] {
                _ = try await service.updateUser(mate, UserChange(role: role))
            }
        },
    ]
}

/// Who may do what with accounts and tokens, and what everyone is shown of it.
@Suite struct AccountAuthorizationTests {
    @Test(arguments: AccountAct.all) func `another's account is for administrators`(act: AccountAct) async throws {
        let world = try await World()
        let before = try await world.snapshot()
        for who in Who.allCases where who != .admin && who != .operator {
            await expect(.notAllowed) { try await act.run(world.service(who)) }
        }
        #expect(try await world.snapshot() == before)
        #expect(world.takeShown() == [])
        for who in [Who.admin, .operator] {
            try await act.run(world.service(who))
            #expect(world.takeShown() == act.shows)
        }
        await world.node.close()
    }

    @Test func `deleting an account is for administrators and ends its connections`() async throws {
        let world = try await World()
        let service = try world.service(.member)
        await expect(.notAllowed) { try await service.deleteUser(Username("mate")) }
        await expect(.notAllowed) { try await service.deleteUser(Username("member")) }
        #expect(world.takeShown() == [])
        try await world.service(.admin).deleteUser(Username("mate"))
        #expect(world.takeShown() == ["mate disabled"])
        await expect(.userNotFound) { _ = try await service.user(named: Username("mate")) }
        await world.node.close()
    }

    @Test func `users change their own profile and password, but do not enable or disable themselves`() async throws {
        let world = try await World()
        let (service, name) = (try world.service(.member), try Username("member"))
        #expect(try await service.updateUser(name, UserChange(displayName: "M", bio: "b")).displayName == "M")
        #expect(world.takeShown() == [])
        _ = try await service.updateUser(name, UserChange(password: "new password"))
        #expect(world.takeShown() == ["all sessions of member ended"])
        for disabled in [true, false] {
            await expect(.notAllowed) { _ = try await service.updateUser(name, UserChange(disabled: disabled)) }
        }
        #expect(try await service.user(named: name).disabledAt == nil)
        await world.node.close()
    }

    @Test func `nobody gives themselves a role, and the last administrator keeps theirs`() async throws {
        let world = try await World()
        let (member, admin) = (try Username("member"), try Username("admin"))
        await expect(.notAllowed) { _ = try await world.service(.member).updateUser(member, UserChange(role: .admin)) }
        let before = try await world.snapshot()
        for who in [Who.admin, .operator] {
            let service = try world.service(who)
            await expect(.notAllowed) { _ = try await service.updateUser(admin, UserChange(role: .user)) }
            await expect(.notAllowed) { _ = try await service.updateUser(admin, UserChange(disabled: true)) }
            await expect(.notAllowed) { try await service.deleteUser(admin) }
        }
        #expect(try await world.snapshot() == before)
        #expect(world.takeShown() == [])
        _ = try await world.service(.operator).updateUser(member, UserChange(role: .admin))
        let acts = try await world.node.store.audit(limit: 1)
        #expect(acts.map(\.action) == ["user.role"] && acts.first?.detail == "admin")
        #expect(try await world.service(.operator).updateUser(admin, UserChange(role: .user)).role == .user)
        await expect(.notAllowed) {
            _ = try await world.service(.admin).updateUser(member, UserChange(displayName: "M"))
        }
        await world.node.close()
    }

    @Test func `the first administrator is made once, and out of nobody else`() async throws {
        let world = try await World()
        let service = try world.service(.operator)
        let asked = Mutex(0)
        func create(_ name: String) async throws(ChatError) -> User? {
            try await service.createFirstAdministrator { () throws(ChatError) in
                asked.withLock { $0 += 1 }
                return try NewUser(username: Username(name), displayName: nil, role: .admin, password: nil)
            }
        }
        #expect(try await create("first") == nil && asked.withLock { $0 } == 0)

        let folder = try TemporaryFolder()
        let node = try await TestNode(in: folder)
        let empty = node.chat.service(for: .operator(as: nil))
        let new = try NewUser(username: Username("first"), displayName: nil, role: .admin, password: nil)
        _ = try await node.makeUser("plain", role: .user)
        let error = await #expect(throws: ChatError.self) {
            try await empty.createFirstAdministrator { () throws(ChatError) in
                try NewUser(username: Username("plain"), displayName: nil, role: .admin, password: nil)
            }
        }
        #expect(error?.code == .alreadyExists && error?.remedy == .promote(Username(stored: "plain")))
        #expect(try await empty.createFirstAdministrator { new }?.isAdmin == true)
        #expect(try await empty.createFirstAdministrator { new } == nil)
        await node.close()
        await world.node.close()
    }

    @Test func `users make, list and revoke tokens of their own, and nobody can use a revoked one`() async throws {
        let world = try await World()
        let (service, name) = (try world.service(.member), try Username("member"))
        let issued = try await service.createToken(for: name, label: "robot", life: .seconds(60))
        #expect(try await service.tokens(of: name) == [issued.token])
        let credential = try await world.node.chat.authenticate(token: issued.secret)
        #expect(credential.user.username == name && credential.kind == .access)
        await expect(.tokenNotFound) {
            try await world.service(.admin).revokeToken(issued.token.id, of: Username("mate"))
        }
        try await service.revokeToken(issued.token.id, of: name)
        await expect(.tokenNotFound) { try await service.revokeToken(issued.token.id, of: name) }
        await expect(.unauthenticated) { _ = try await world.node.chat.authenticate(token: issued.secret) }
        await world.node.close()
    }

    @Test func `a token ends with its time, and a disabled account has none that count`() async throws {
        let world = try await World()
        let (service, name) = (try world.service(.member), try Username("member"))
        let short = try await service.createToken(for: name, label: "", life: .seconds(60))
        let long = try await service.createToken(for: name, label: "", life: nil)
        world.node.clock.advance(by: .seconds(60))
        await expect(.unauthenticated) { _ = try await world.node.chat.authenticate(token: short.secret) }
        let expired = world.node.chat.service(for: .user(try world.user("member"), tokenID: short.token.id))
        #expect(try await expired.lossOfSession() == .ended)
        let credential = try await world.node.chat.authenticate(token: long.secret)
        let live = world.node.chat.service(for: .user(credential.user, tokenID: credential.tokenID))
        #expect(try await live.lossOfSession() == nil)
        _ = try await world.service(.admin).updateUser(name, UserChange(disabled: true))
        await expect(.disabled) { _ = try await world.node.chat.authenticate(token: long.secret) }
        #expect(try await live.lossOfSession() == .disabled)
        let operation = world.node.chat.service(for: .operator(as: nil))
        await expect(.disabled) { _ = try await operation.createToken(for: name, label: "", life: nil) }
        await world.node.close()
    }

    @Test func `a token does not outlive the one that made it`()
        async throws
    {
        let world = try await World()
        let name = try Username("member")
        let operation = world.node.chat.service(for: .operator(as: nil))
        let first = try await operation.createToken(for: name, label: "", life: .seconds(60))
        let credential = try await world.node.chat.authenticate(token: first.secret)
        let service = world.node.chat.service(for: .user(of: credential))
        for life in [nil, Duration.seconds(3_600)] {
            let token = try await service.createToken(for: name, label: "", life: life).token
            #expect(token.expiresAt == first.token.expiresAt)
        }
        let short = try await service.createToken(for: name, label: "", life: .seconds(1)).token
        #expect(short.expiresAt == world.node.clock.now + .seconds(1))
        await world.node.close()
    }

    @Test func `a disabled speaker posts nothing and makes no room, also in the operator's hands`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        let stale = try world.service(.member)
        let disabled = try await world.service(.admin).updateUser(Username("member"), UserChange(disabled: true))
        let (before, _) = (try await world.snapshot(), world.takeShown())
        let body = try MessageBody("hello")
        for service in [
            // Who was let in before the account was disabled.
            stale, world.node.service(for: disabled),
            try await world.node.chat.operatorService(as: Username("member")),
        ] {
            await expect(.disabled) { _ = try await service.send(body, to: room.name, clientID: nil) }
        }
        await expect(.disabled) {
            _ = try await world.node.service(for: disabled).createRoom(
                NewRoom(name: RoomName("mine"), isPrivate: false, topic: "", members: []))
        }
        #expect(try await world.snapshot() == before)
        #expect(world.takeShown() == [])
        await world.node.close()
    }

    @Test func `only who has the database in hand speaks in another's name`() async throws {
        let world = try await World()
        let name = try Username("mate")
        await expect(.notAllowed) { _ = try await world.service(.admin).speaking(as: name) }
        let service = try await world.service(.operator).speaking(as: name)
        #expect(service.caller.user?.username == name && service.caller.isOperator)
        await expect(.userNotFound) { _ = try await world.service(.operator).speaking(as: Username("nobody")) }
        await world.node.close()
    }
}
