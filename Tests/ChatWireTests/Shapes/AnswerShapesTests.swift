import ChatCore
import Testing

@testable import ChatWire

@Suite struct AnswerShapesTests {
    private static func read<Shape: Decodable>(_ shape: Shape.Type, _ text: String) throws(ChatError) -> Shape {
        try ShapeCoder.decode(shape, from: Array(text.utf8))
    }

    @Test(arguments: [Sample.message(), Sample.message(body: "\"\n😀"), Sample.message(body: "", isDeleted: true)])
    func `a message is read as it was written`(message: Message) throws {
        #expect(try Self.read(MessageShape.self, Sample.text { $0.message(message) }).message == message)
    }

    @Test func `a message has the contract's shape`() {
        #expect(
            Sample.text { $0.message(Sample.message()) }
                == #"{"id":123,"room":"general","seq":45,"body":"hi","author":{"id":7,"username":"alice","#
                + #""display_name":"Alice","avatar":"/avatars/alice"},"created_at":"\#(Sample.time)","edited_at":null}"#
        )
    }

    @Test func `a deleted message keeps its keys, shows no body and says so last`() {
        let text = Sample.text { $0.message(Sample.message(body: "secret", isDeleted: true)) }
        #expect(
            text == #"{"id":123,"room":"general","seq":45,"body":"","author":{"id":7,"username":"alice","#
                + #""display_name":"Alice","avatar":"/avatars/alice"},"created_at":"\#(Sample.time)","edited_at":null,"deleted":true}"#
        )
    }

    @Test func `a room has the contract's shape and is read as it was written`() throws {
        let text = Sample.text { $0.room(Sample.room) }
        #expect(
            text == #"{"name":"general","kind":"private","topic":"a \"topic\"","archived":true,"last_seq":45,"#
                + #""last_message_at":"\#(Sample.time)","member_count":3,"online_count":2,"created_at":"\#(Sample.time)"}"#
        )
        #expect(try Self.read(RoomShape.self, text).room == Sample.room)
    }

    @Test func `a room without messages has no time of the last one`() throws {
        let room = Room(
            id: RoomID(0), name: Sample.general.name, kind: .public, topic: "", isArchived: false, lastSeq: 0,
            lastMessageAt: nil, memberCount: 0, onlineCount: 0, createdAt: Sample.moment)
        let text = Sample.text { $0.room(room) }
        #expect(text.contains(#""last_seq":0,"last_message_at":null,"#))
        #expect(try Self.read(RoomShape.self, text).room == room)
    }

    @Test func `an act of the audit log is read as it was written`() throws {
        let act = AuditEntry(
            id: 9, at: Sample.moment, actor: "alice", action: "room.kick", target: "general", detail: "bob")
        let text = Sample.text { $0.auditEntry(act) }
        #expect(
            text == #"{"id":9,"at":"\#(Sample.time)","actor":"alice","action":"room.kick","target":"general","#
                + #""detail":"bob"}"#)
        #expect(try Self.read(AuditEntryShape.self, text).entry == act)
    }

    @Test(arguments: [nil, 12] as [Int64?])
    func `a part of a deletion is read as it was written`(next: Int64?) throws {
        let text = Sample.text { $0.sweep(MessageSweep(deleted: 3, next: next)) }
        #expect(text == #"{"deleted":3,"next":\#(next.map(String.init) ?? "null")}"#)
        #expect(try Self.read(SweepShape.self, text).sweep == MessageSweep(deleted: 3, next: next))
    }

    @Test func `a restriction is read as it was written, and without a reason as a server of before sends it`() throws {
        let ban = ImposedRestriction(
            username: Sample.bob, kind: .ban, until: nil, by: "alice", at: Sample.moment, reason: "spam")
        let text = Sample.text { $0.restriction(ban, in: Sample.general.name) }
        #expect(
            text == #"{"room":"general","username":"bob","kind":"ban","until":null,"reason":"spam","made_by":"alice","#
                + #""made_at":"\#(Sample.time)"}"#)
        #expect(try Self.read(RestrictionShape.self, text).imposed == ban)
        let older = text.replacing(#""reason":"spam","#, with: "")
        #expect(try Self.read(RestrictionShape.self, older).imposed.reason == "")
    }

    @Test func `a member has the contract's shape and is read as it was written`() throws {
        let member = Member(username: Sample.bob, role: .moderator, joinedAt: Sample.moment)
        let text = Sample.text { $0.array([member]) { $0.member($1) } }
        #expect(text == #"[{"username":"bob","role":"moderator","joined_at":"\#(Sample.time)"}]"#)
        #expect(try Self.read([MemberShape].self, text).map(\.member) == [member])
    }

    @Test func `presence has the contract's shape and is read as it was written`() throws {
        let presence = RoomPresence(
            room: Sample.general.name, users: [OnlineUser(username: Sample.bob, connections: 2, since: Sample.moment)])
        let text = Sample.text { $0.presence(presence) }
        #expect(
            text == #"{"room":"general","online_count":1,"#
                + #""users":[{"username":"bob","connections":2,"since":"\#(Sample.time)"}]}"#)
        #expect(try Self.read(PresenceShape.self, text).presence == presence)
    }

    @Test(arguments: [nil, Sample.moment])
    func `a user has the contract's shape and is read as it was written`(disabledAt: Timestamp?) throws {
        let user = User(
            id: UserID(7), username: Sample.author.username, displayName: "Alice", bio: "", role: .admin,
            disabledAt: disabledAt, createdAt: Sample.moment)
        let text = Sample.text { $0.user(user) }
        #expect(
            text == #"{"id":7,"username":"alice","display_name":"Alice","role":"admin","#
                + #""disabled":\#(disabledAt != nil),"created_at":"\#(Sample.time)"}"#)
        #expect(try Self.read(UserShape.self, text).user == user)
    }

    @Test func `a token shows its secret first and once`() throws {
        let token = Token(
            id: 3, label: "ci", kind: .access, createdAt: Sample.moment, expiresAt: nil, lastUsedAt: Sample.moment)
        let fields =
            #""id":3,"label":"ci","kind":"access","created_at":"\#(Sample.time)","expires_at":null,"#
            + #""last_used_at":"\#(Sample.time)"}"#
        #expect(Sample.text { $0.token(token) } == "{" + fields)
        #expect(try Self.read(TokenShape.self, "{" + fields).value == token)
        let issued = Sample.text { $0.issuedToken(IssuedToken(token: token, secret: "chat_x")) }
        #expect(issued == #"{"token":"chat_x","# + fields)
        let read = try Self.read(IssuedTokenShape.self, issued).issued
        #expect(read.token == token && read.secret == "chat_x")
        #expect(throws: ChatError.self) { try Self.read(IssuedTokenShape.self, "{" + fields) }
    }

    @Test(arguments: [
        (ChatError(.fault, "a: b"), #"{"error":{"code":"internal","message":"a: b"}}"#),
        (
            ChatError(
                .invalidBody, "body: x", hint: "h", retryAfter: .seconds(2), fields: ["b": ["1", "2"], "a": ["3"]]),
            #"{"error":{"code":"invalid_body","message":"body: x","hint":"h","errors":{"a":["3"],"b":["1","2"]},"#
                + #""retry_after_ms":2000}}"#
        ),
    ])
    func `an error is read as it was written`(error: ChatError, text: String) throws {
        #expect(Sample.text { $0.error(error) } == text)
        #expect(try Self.read(ErrorShape.self, text).error(unknown: .usage) == error)
    }

    @Test func `a code that is not known becomes that of the caller, its text stays`() throws {
        let error = try Self.read(ErrorShape.self, #"{"error":{"code":"new","message":"a: b"}}"#).error(
            unknown: .notFound)
        #expect(error == ChatError(.notFound, "a: b"))
    }

    @Test(arguments: [
        ("general", "public", Sample.time, true), ("a b", "public", Sample.time, false),
        ("general", "secret", Sample.time, false), ("general", "public", "yesterday", false),
    ])
    func `a room that cannot be understood is refused`(name: String, kind: String, time: String, isRead: Bool) {
        let text =
            #"{"name":"\#(name)","kind":"\#(kind)","topic":"","archived":false,"last_seq":0,"member_count":0,"#
            + #""online_count":0,"created_at":"\#(time)"}"#
        let room = try? Self.read(RoomShape.self, text).room
        #expect((room != nil) == isRead)
    }

    @Test func `a role or kind that is not known is refused, not guessed`() {
        let member = #"{"username":"bob","role":"king","joined_at":"\#(Sample.time)"}"#
        #expect(throws: ChatError.self) { try Self.read(MemberShape.self, member) }
        let user =
            #"{"id":7,"username":"alice","display_name":"A","role":"king","disabled":false,"#
            + #""created_at":"\#(Sample.time)"}"#
        #expect(throws: ChatError.self) { try Self.read(UserShape.self, user) }
        let token =
            #"{"id":3,"label":"ci","kind":"magic","created_at":"\#(Sample.time)","expires_at":null,"#
            + #""last_used_at":null}"#
        #expect(throws: ChatError.self) { try Self.read(TokenShape.self, token) }
    }
}
