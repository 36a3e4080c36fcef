import ChatCore

// The shapes of contract §2 as a client reads them. Numbers of rooms are not on the wire; a client's values
// carry 0 in their place.

/// Who wrote a message.
package struct AuthorShape: Decodable, Sendable {
    let id: Int64
    let username: Username
    let display_name: String
}

/// A message.
package struct MessageShape: Decodable, Sendable {
    let id: Int64
    let room: RoomName
    let seq: Int64
    let body: String
    let author: AuthorShape
    let created_at: RFC3339
    let deleted: Bool?

    package var message: Message {
        Message(
            id: id, room: RoomReference(id: RoomID(0), name: room), seq: seq, body: MessageBody(stored: body),
            author: Author(id: UserID(author.id), username: author.username, displayName: author.display_name),
            createdAt: created_at.moment, isDeleted: deleted ?? false)
    }
}

/// A room.
package struct RoomShape: Decodable, Sendable {
    let name: RoomName
    let kind: String
    let topic: String
    let archived: Bool
    let last_seq: Int64
    let member_count: Int
    let online_count: Int
    let created_at: RFC3339

    package var room: Room {
        Room(
            id: RoomID(0), name: name, kind: RoomKind(rawValue: kind) ?? .private, topic: topic, isArchived: archived,
            lastSeq: last_seq, memberCount: member_count, onlineCount: online_count, createdAt: created_at.moment)
    }
}

/// A member of a room.
package struct MemberShape: Decodable, Sendable {
    let username: Username
    let role: String
    let joined_at: RFC3339

    package var member: Member {
        Member(username: username, role: MemberRole(rawValue: role) ?? .member, joinedAt: joined_at.moment)
    }
}

/// An account.
package struct UserShape: Decodable, Sendable {
    let id: Int64
    let username: Username
    let display_name: String
    let role: String
    let disabled: Bool
    let created_at: RFC3339

    /// The moment of disabling is not on the wire; the account's own beginning stands for it.
    package var user: User {
        User(
            id: UserID(id), username: username, displayName: display_name, bio: "",
            role: SiteRole(rawValue: role) ?? .user,
            disabledAt: disabled ? created_at.moment : nil, createdAt: created_at.moment)
    }
}

/// Who is online in a room.
package struct PresenceShape: Decodable, Sendable {
    /// One user of them.
    struct Online: Decodable {
        let username: Username
        let connections: Int
        let since: RFC3339
    }

    let room: RoomName
    let users: [Online]

    package var presence: RoomPresence {
        RoomPresence(
            room: room,
            users: users.map {
                OnlineUser(username: $0.username, connections: $0.connections, since: $0.since.moment)
            })
    }
}

/// A token, with its secret in the answer that made it.
package struct TokenShape: Decodable, Sendable {
    let id: Int64
    let label: String
    let kind: String
    let created_at: RFC3339
    let expires_at: RFC3339?
    let last_used_at: RFC3339?
    /// The secret, present in the answer that made the token.
    let token: String?

    package var value: Token {
        Token(
            id: id, label: label, kind: TokenKind(rawValue: kind) ?? .access, createdAt: created_at.moment,
            expiresAt: expires_at?.moment, lastUsedAt: last_used_at?.moment)
    }

    package var issued: IssuedToken { IssuedToken(token: value, secret: token ?? "") }
}

/// An act of the audit log.
package struct AuditShape: Decodable, Sendable {
    let id: Int64
    let at: RFC3339
    let actor: String
    let action: String
    let target: String
    let detail: String

    package var entry: AuditEntry {
        AuditEntry(id: id, at: at.moment, actor: actor, action: action, target: target, detail: detail)
    }
}

/// The answer to a log-in.
package struct LoginShape: Decodable, Sendable {
    package let token: String
}

/// An error body.
package struct ErrorShape: Decodable, Sendable {
    /// What stands under `error`.
    struct Content: Decodable {
        let code: String
        let message: String
        let hint: String?
        let errors: [String: [String]]?
        let retry_after_ms: Int64?
    }

    let error: Content

    package var value: ChatError {
        ChatError(
            ErrorCode(rawValue: error.code) ?? .fault, error.message, hint: error.hint,
            retryAfter: error.retry_after_ms.map { .milliseconds($0) }, fields: error.errors ?? [:])
    }
}

/// A frame of a server as a client that follows rooms needs it.
package struct ServerFrameShape: Decodable, Sendable {
    package let ok: Bool
    package let event: String
    package let room: String?
    package let last_seq: Int64?
    package let seq: Int64?
    package let epoch: String?
    package let recovered: Bool?
    package let message: MessageShape?
    package let code: String?
    package let reason: String?

    enum CodingKeys: String, CodingKey {
        case ok, event, room, last_seq, seq, epoch, recovered, message, code, reason
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        ok = try container.decode(Bool.self, forKey: .ok)
        event = try container.decode(String.self, forKey: .event)
        // In a `room` frame the key holds the whole shape, elsewhere the name.
        room = try? container.decode(String.self, forKey: .room)
        last_seq = try container.decodeIfPresent(Int64.self, forKey: .last_seq)
        seq = try container.decodeIfPresent(Int64.self, forKey: .seq)
        epoch = try container.decodeIfPresent(String.self, forKey: .epoch)
        recovered = try container.decodeIfPresent(Bool.self, forKey: .recovered)
        message = try? container.decode(MessageShape.self, forKey: .message)
        code = try container.decodeIfPresent(String.self, forKey: .code)
        reason = try container.decodeIfPresent(String.self, forKey: .reason)
    }
}

/// A timestamp in the text form of the wire.
package struct RFC3339: Decodable, Sendable {
    package let moment: Timestamp

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let moment = Timestamp(rfc3339: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not RFC 3339")
        }
        self.moment = moment
    }
}
