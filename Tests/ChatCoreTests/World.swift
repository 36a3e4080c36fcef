import ChatTestKit
import Testing

@testable import ChatCore

/// In which relation to a room somebody stands who calls a use case.
enum Who: String, CaseIterable {
    case stranger, member, moderator, owner, admin, `operator`, banned, muted
}

/// An installation with rooms in which there is somebody of each ``Who``.
struct World {
    /// Everything that use cases can change, to see that a refused one has changed nothing.
    struct Snapshot: Equatable {
        let rooms: [Room]
        let members: [[Member]]
        let messages: [[Message]]
        let users: [User]
        let tokens: [[Token]]
        let audit: [AuditEntry]
    }

    let node: TestNode
    private let folder: TemporaryFolder
    private let users: [String: User]
    private let names: [UserID: String]

    init() async throws {
        folder = try TemporaryFolder()
        node = try await TestNode(in: folder)
        var users: [String: User] = [:]
        for name in Who.allCases.map(\.rawValue) + ["mate", "warden", "heir", "guest", "outcast", "silenced"] {
            users[name] = try await node.makeUser(name, role: name == "admin" ? .admin : .user)
        }
        self.users = users
        names = Dictionary(uniqueKeysWithValues: users.map { ($0.value.id, $0.key) })
    }

    func user(_ name: String) throws -> User { try #require(users[name]) }

    func service(_ who: Who) throws -> LocalChat {
        guard who != .operator else { return node.chat.service(for: .operator(as: nil)) }
        return node.service(for: try user(who.rawValue))
    }

    /// Makes a room with its people and one message of `mate`, whose feed this node follows.
    func makeRoom(_ name: String, _ kind: RoomKind) async throws -> RoomReference {
        let act = Act("test.act", by: .operator(as: nil), on: name)
        let new = try NewRoom(
            name: RoomName(name), isPrivate: kind == .private, topic: "",
            members: ["member", "moderator", "mate", "warden", "heir", "muted", "silenced"].map { try Username($0) })
        let room = try await node.store.insertRoom(new, owner: user("owner").id, at: node.clock.now, act: act)
        for (name, role) in [("moderator", MemberRole.moderator), ("warden", .moderator), ("heir", .owner)] {
            _ = try await node.store.setMember(
                user(name).id, of: room.id, role: role, at: node.clock.now, act: act)
        }
        for (name, kind) in [("banned", RestrictionKind.ban), ("outcast", .ban), ("muted", .mute), ("silenced", .mute)]
        {
            try await node.store.restrict(
                user(name).id, in: room.id, Restriction(kind, until: nil), at: node.clock.now, act: act)
        }
        try await node.maker.post("first", by: user("mate"), in: room)
        try await follow(room.reference)
        return room.reference
    }

    func makeDirectRoom() async throws -> RoomReference {
        let room = try await node.store.makeDirectRoom(
            user("member").id, user("mate").id, freshName: RoomName("direct"), at: node.clock.now
        ).room
        try await node.maker.post("first", by: user("mate"), in: room)
        try await follow(room.reference)
        return room.reference
    }

    private func follow(_ room: RoomReference) async throws {
        try await node.chat.delivery.open(room)
        node.chat.attach(node.hub, to: room.id)
    }

    func snapshot() async throws -> Snapshot {
        let rooms = try await node.store.rooms(RoomFilter(), visibleTo: nil, at: node.clock.now)
        let users = try await node.store.users()
        var (members, messages, tokens) = ([[Member]](), [[Message]](), [[Token]]())
        for room in rooms {
            members.append(try await node.store.members(of: room.id))
            messages.append(try await node.store.messages(in: room.reference, .latest, limit: 99))
        }
        for user in users { tokens.append(try await node.store.tokens(of: user.id)) }
        return Snapshot(
            rooms: rooms, members: members, messages: messages, users: users, tokens: tokens,
            audit: try await node.store.audit(limit: 10_000))
    }

    /// What was shown since the last call, in words; batches that follow on one another as one.
    func takeShown() -> [String] {
        var (shown, end) = ([String](), Int64?.none)
        var first: Int64 = 0
        for item in node.hub.takeItems() {
            guard case .batch(let batch) = item else {
                end = nil
                if let text = describe(item) { shown.append(text) }
                continue
            }
            if end == batch.firstSeq - 1 { shown.removeLast() } else { first = batch.firstSeq }
            end = batch.lastSeq
            shown.append("messages \(first) to \(batch.lastSeq)")
        }
        return shown
    }

    private func describe(_ item: HubItem) -> String? {
        switch item {
        case .open, .batch: nil
        case .grown(_, let seq): "grown to \(seq)"
        case .event(let event): describe(event)
        case .presence(let change, let count): "\(count) online in \(change.room.name)"
        case .room(let room, let members): "\(room.name) to \(members.map(name).sorted().joined(separator: " "))"
        case .counts: nil
        case .edited(let message): "edited \(message.seq) in \(message.room.name): \(message.body.text)"
        case .recheck: "recheck"
        case .restored: "restored"
        }
    }

    private func describe(_ event: Event) -> String {
        switch event {
        case .messageDeleted(let room, let seq): "deleted \(seq) in \(room.name)"
        case .typing(let room, let username): "\(username) types in \(room.name)"
        case .removed(let user, let room, let reason): "\(name(user)) \(reason.rawValue) from \(room.name)"
        case .roomDeleted(let room): "\(room.name) deleted"
        case .disabled(let user): "\(name(user)) disabled"
        case .roleChanged(let user): "\(name(user)) has another role"
        case .sessionEnded(let user, let token): "\(token == nil ? "all sessions" : "session") of \(name(user)) ended"
        case .messageEdited, .presence, .roomChanged, .roomGained: "not for hubs: \(event)"
        }
    }

    private func name(_ user: UserID) -> String { names[user] ?? "?" }
}
