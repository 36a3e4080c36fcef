import ChatCore
import ChatWire
import Testing

@testable import ChatClient

@Suite(.timeLimit(.minutes(1))) struct RemoteChatTests {
    private let alice = Username(stored: "alice")
    private let bob = Username(stored: "bob")
    private let general = Frames.general

    private static let moment = Timestamp(milliseconds: 1_000)
    private static let room = Room(
        id: RoomID(0), name: Frames.general, kind: .public, topic: "t", isArchived: false, lastSeq: 9,
        lastMessageAt: moment, memberCount: 1, onlineCount: 0, createdAt: moment)
    private static let user = User(
        id: UserID(7), username: Username(stored: "alice"), displayName: "Alice", bio: "", role: .user,
        disabledAt: nil, createdAt: moment)
    private static let token = Token(
        id: 3, label: "ci", kind: .access, createdAt: moment, expiresAt: nil, lastUsedAt: nil)

    /// A client of a server that gives one answer to everything.
    private func chat(
        _ status: Int = 200, _ write: (inout JSONWriter) -> Void = { $0.object { _ in } }
    ) async throws -> (RemoteChat, TestServer) {
        let body = String(decoding: JSON.document(write), as: UTF8.self)
        let server = try await TestServer { _ in .answer(status, body) }
        return (RemoteChat(address: server.address, token: "t"), server)
    }

    private func line(_ request: TestServer.Request?) -> String {
        guard let request else { return "" }
        return "\(request.method) \(request.target) \(request.body)"
    }

    // MARK: Session

    @Test func `logging in gives the token and sends none`() async throws {
        let server = try await TestServer { _ in .answer(200, #"{"token":"chat_x"}"#) }
        let token = try await RemoteChat.logIn(to: server.address, username: "alice", password: "pw")
        #expect(token == "chat_x")
        #expect(server.requests.first?.target == "/api/v1/login")
        #expect(server.requests.first?.headers["authorization"] == nil)
    }

    @Test func `one's own user is asked for once`() async throws {
        let (chat, server) = try await chat { $0.user(Self.user) }
        for _ in 0..<2 { #expect(try await chat.me() == Self.user) }
        #expect(server.requests.map(line) == ["GET /api/v1/me "])
    }

    // MARK: Answers

    @Test func `the server's error is thrown as it is`() async throws {
        let error = ChatError(.banned, "room general: you are banned", hint: "ask")
        let (chat, _) = try await chat(403) { $0.error(error) }
        let thrown = await #expect(throws: ChatError.self) { try await chat.room(named: general) }
        #expect(thrown == error)
    }

    @Test(arguments: ["", "<html>", "[]", #"{"name":"general","kind":"secret"}"#])
    func `a success in another shape is a configuration fault`(body: String) async throws {
        let server = try await TestServer { _ in .answer(200, body) }
        let chat = RemoteChat(address: server.address, token: "t")
        let error = await #expect(throws: ChatError.self) { try await chat.room(named: general) }
        #expect(error?.code == .configuration)
    }

    // MARK: Rooms and members

    @Test func `acts on rooms ask for the contract's routes`() async throws {
        let (chat, server) = try await chat { $0.room(Self.room) }
        #expect(try await chat.room(named: general) == Self.room)
        _ = try await chat.createRoom(
            try NewRoom(name: general, isPrivate: true, topic: "", members: []))
        _ = try await chat.updateRoom(general, try RoomChange(topic: "new"))
        try await chat.deleteRoom(general)
        #expect(server.requests.map(\.method) == ["GET", "POST", "PATCH", "DELETE"])
        #expect(
            server.requests.map(\.target) == [
                "/api/v1/rooms/general", "/api/v1/rooms", "/api/v1/rooms/general", "/api/v1/rooms/general",
            ])
        #expect(server.requests[2].body == #"{"topic":"new"}"#)
    }

    @Test func `a list of rooms is filtered by the server`() async throws {
        let (chat, server) = try await chat { $0.array([Self.room]) { $0.room($1) } }
        #expect(try await chat.rooms(RoomFilter()) == [Self.room])
        _ = try await chat.rooms(RoomFilter(kind: .private, member: bob))
        #expect(server.requests.map(\.target) == ["/api/v1/rooms", "/api/v1/rooms?kind=private&user=bob"])
    }

    /// An answer with a link to another page.
    private static func page(_ body: String, next: String) -> TestServer.Reply {
        .raw("HTTP/1.1 200 OK\r\nLink: <\(next)>; rel=\"next\"\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    private static let roomPage = String(decoding: JSON.document { $0.array([room]) { $0.room($1) } }, as: UTF8.self)

    @Test func `a list is read page by page, or as far as it is wanted`() async throws {
        let server = try await TestServer { request in
            let isLast = request.target.contains("after=3")
            let next = "/api/v1/rooms?after=\(request.target.contains("after=2") ? 3 : 2)"
            return isLast ? .answer(200, Self.roomPage) : Self.page(Self.roomPage, next: next)
        }
        let chat = RemoteChat(address: server.address, token: "t")
        #expect(try await chat.rooms(RoomFilter()).count == 3)
        #expect(server.requests.map(\.target) == ["/api/v1/rooms", "/api/v1/rooms?after=2", "/api/v1/rooms?after=3"])
        #expect(try await chat.rooms(RoomFilter(page: ListPage(after: general, most: 1))).count == 1)
        #expect(server.requests.last?.target == "/api/v1/rooms?after=general&limit=1")
    }

    @Test func `a list whose empty pages have no end is given up`() async throws {
        let server = try await TestServer { _ in Self.page("[]", next: "/api/v1/rooms") }
        let chat = RemoteChat(address: server.address, token: "t")
        let error = await #expect(throws: ChatError.self) { try await chat.rooms(RoomFilter()) }
        #expect(error?.code == .configuration)
    }

    @Test(arguments: [(200, false), (201, true)])
    func `a direct room is asked for in one's own name`(status: Int, made: Bool) async throws {
        let server = try await TestServer { request in
            let isMe = request.target.hasSuffix("/me")
            let body = JSON.document { json in
                if isMe { json.user(Self.user) } else { json.room(Self.room) }
            }
            return .answer(isMe ? 200 : status, String(decoding: body, as: UTF8.self))
        }
        let chat = RemoteChat(address: server.address, token: "t")
        for (first, second) in [(alice, bob), (bob, alice)] {
            let direct = try await chat.directRoom(first, second)
            #expect(direct.room == Self.room && direct.made == made)
            #expect(line(server.requests.last) == "POST /api/v1/direct/bob ")
        }
        let error = await #expect(throws: ChatError.self) { try await chat.directRoom(bob, bob) }
        #expect(error?.code == .notAllowed)
    }

    /// What was so before tells what an act changes.
    private func moderated() async throws -> (RemoteChat, TestServer) {
        let moment = Self.moment
        let server = try await TestServer { request in
            let body = JSON.document { json in
                if request.target.hasSuffix("/presence") {
                    json.presence(RoomPresence(room: Frames.general, users: []))
                } else if request.target.hasSuffix("/restrictions") {
                    let ban = ImposedRestriction(
                        username: Username(stored: "bob"), kind: .ban, until: nil, by: "root", at: moment)
                    json.array([ban]) { $0.restriction($1, in: Frames.general) }
                } else {
                    json.array([Member(username: Username(stored: "bob"), role: .member, joinedAt: moment)]) {
                        $0.member($1)
                    }
                }
            }
            return .answer(200, String(decoding: body, as: UTF8.self))
        }
        return (RemoteChat(address: server.address, token: "t"), server)
    }

    @Test func `acts on members ask for the contract's routes`() async throws {
        let (chat, server) = try await moderated()
        try await chat.setMember(bob, of: general, role: .moderator)
        try await chat.setMember(bob, of: general, role: nil)
        try await chat.removeMember(bob, of: general)
        try await chat.kick(bob, from: general)
        try await chat.restrict(.ban, bob, in: general, for: .seconds(2), reason: "")
        try await chat.restrict(.mute, bob, in: general, for: nil, reason: "spam")
        try await chat.lift(.ban, from: bob, in: general)
        try await chat.lift(.mute, from: bob, in: general)
        let room = "/api/v1/rooms/general"
        #expect(
            server.requests.filter { $0.method != "GET" }.map(line) == [
                #"PUT \#(room)/members/bob {"role":"moderator"}"#, "PUT \(room)/members/bob {}",
                "DELETE \(room)/members/bob ", "POST \(room)/kick/bob ",
                #"PUT \#(room)/bans/bob {"duration_ms":2000}"#, #"PUT \#(room)/mutes/bob {"reason":"spam"}"#,
                "DELETE \(room)/bans/bob ", "DELETE \(room)/mutes/bob ",
            ])
    }

    @Test func `what an act of moderation changes is known from what was so before`() async throws {
        let (chat, _) = try await moderated()
        #expect(try await chat.kick(bob, from: general))
        #expect(try await !chat.kick(alice, from: general))
        #expect(try await chat.lift(.ban, from: bob, in: general))
        #expect(try await !chat.lift(.mute, from: bob, in: general))
        #expect(try await chat.restrictions(in: general).map(\.username) == [bob])
    }

    @Test func `members and presence are read`() async throws {
        let member = Member(username: bob, role: .owner, joinedAt: Self.moment)
        let (members, _) = try await chat { $0.array([member]) { $0.member($1) } }
        #expect(try await members.members(of: general) == [member])
        let online = RoomPresence(
            room: general, users: [OnlineUser(username: bob, connections: 2, since: Self.moment)])
        let (presence, server) = try await chat { $0.presence(online) }
        #expect(try await presence.presence(in: general) == online)
        #expect(server.requests.map(\.target) == ["/api/v1/rooms/general/presence"])
    }

    // MARK: Users and tokens

    @Test func `acts on users ask for the contract's routes`() async throws {
        let (chat, server) = try await chat { $0.user(Self.user) }
        #expect(try await chat.user(named: alice) == Self.user)
        _ = try await chat.createUser(
            try NewUser(username: alice, displayName: nil, role: .admin, password: nil))
        _ = try await chat.updateUser(alice, try UserChange(disabled: true))
        try await chat.deleteUser(alice)
        #expect(server.requests.map(\.method) == ["GET", "POST", "PATCH", "DELETE"])
        #expect(Set(server.requests.map(\.target)) == ["/api/v1/users/alice", "/api/v1/users"])
        #expect(server.requests[2].body == #"{"disabled":true}"#)
        let (list, _) = try await self.chat { $0.array([Self.user]) { $0.user($1) } }
        #expect(try await list.users() == [Self.user])
    }

    @Test func `a new token comes with its secret, an answer without one is refused`() async throws {
        let (chat, server) = try await chat(201) { $0.issuedToken(IssuedToken(token: Self.token, secret: "chat_y")) }
        let issued = try await chat.createToken(for: alice, label: "ci", life: .seconds(1))
        #expect(issued.secret == "chat_y" && issued.token == Self.token)
        #expect(server.requests.first?.target == "/api/v1/users/alice/tokens")
        let (other, _) = try await self.chat(201) { $0.token(Self.token) }
        let error = await #expect(throws: ChatError.self) {
            try await other.createToken(for: alice, label: "ci", life: nil)
        }
        #expect(error?.code == .configuration)
    }

    @Test func `tokens are listed and revoked`() async throws {
        let (chat, server) = try await chat { $0.array([Self.token]) { $0.token($1) } }
        #expect(try await chat.tokens(of: alice) == [Self.token])
        try await chat.revokeToken(3, of: alice)
        #expect(line(server.requests.last) == "DELETE /api/v1/users/alice/tokens/3 ")
    }
}
