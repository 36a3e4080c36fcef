import ChatCore

// The JSON shapes of responses (docs/protocol.md, "Shapes") as a client decodes them. An unknown value, such as a role
// of a newer server, is an error, because a guess could present a private room as public. Database ids of rooms are not
// sent; a client's values hold 0 instead.

extension RoomKind: Decodable {}
extension MemberRole: Decodable {}
extension TokenKind: Decodable {}

/// The author of a message.
struct AuthorShape: Decodable, Sendable {
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
    let edited_at: RFC3339?
    let deleted: Bool?

    package var message: Message {
        Message(
            id: id, room: RoomReference(id: RoomID(0), name: room), seq: seq, body: MessageBody(stored: body),
            author: Author(id: UserID(author.id), username: author.username, displayName: author.display_name),
            createdAt: created_at.moment, editedAt: edited_at?.moment, isDeleted: deleted ?? false)
    }
}

/// A room.
package struct RoomShape: Decodable, Sendable {
    let name: RoomName
    let kind: RoomKind
    let topic: String
    let archived: Bool
    let last_seq: Int64
    let last_message_at: RFC3339?
    let member_count: Int
    let online_count: Int
    let created_at: RFC3339

    package var room: Room {
        Room(
            id: RoomID(0), name: name, kind: kind, topic: topic, isArchived: archived,
            lastSeq: last_seq, lastMessageAt: last_message_at?.moment, memberCount: member_count,
            onlineCount: online_count, createdAt: created_at.moment)
    }
}

/// A member of a room.
package struct MemberShape: Decodable, Sendable {
    let username: Username
    let role: MemberRole
    let joined_at: RFC3339

    package var member: Member {
        Member(username: username, role: role, joinedAt: joined_at.moment)
    }
}

/// A ban or mute in force.
package struct RestrictionShape: Decodable, Sendable {
    let username: Username
    let kind: RestrictionKind
    let until: RFC3339?
    let made_by: String
    let made_at: RFC3339
    let reason: String?

    package var imposed: ImposedRestriction {
        ImposedRestriction(
            username: username, kind: kind, until: until?.moment, by: made_by, at: made_at.moment,
            reason: reason ?? "")
    }
}

/// An act of the audit log.
package struct AuditEntryShape: Decodable, Sendable {
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

/// What one part of a deletion did.
package struct SweepShape: Decodable, Sendable {
    let deleted: Int
    let next: Int64?

    package var sweep: MessageSweep { MessageSweep(deleted: deleted, next: next) }
}

/// An account.
package struct UserShape: Decodable, Sendable {
    let id: Int64
    let username: Username
    let display_name: String
    let role: SiteRole
    let disabled: Bool
    let created_at: RFC3339

    /// The time of disabling is not sent; the time of creation stands in for it.
    package var user: User {
        User(
            id: UserID(id), username: username, displayName: display_name, bio: "",
            role: role, disabledAt: disabled ? created_at.moment : nil, createdAt: created_at.moment)
    }
}

/// Who is online in a room.
package struct PresenceShape: Decodable, Sendable {
    /// One user who is online.
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

/// A token without its secret.
package struct TokenShape: Decodable, Sendable {
    let id: Int64
    let label: String
    let kind: TokenKind
    let created_at: RFC3339
    let expires_at: RFC3339?
    let last_used_at: RFC3339?

    package var value: Token {
        Token(
            id: id, label: label, kind: kind, createdAt: created_at.moment, expiresAt: expires_at?.moment,
            lastUsedAt: last_used_at?.moment)
    }
}

/// A new token with its secret.
package struct IssuedTokenShape: Decodable, Sendable {
    private let value: TokenShape
    private let token: String

    private enum Keys: CodingKey {
        case token
    }

    package init(from decoder: any Decoder) throws {
        value = try TokenShape(from: decoder)
        token = try decoder.container(keyedBy: Keys.self).decode(String.self, forKey: .token)
    }

    package var issued: IssuedToken { IssuedToken(token: value.value, secret: token) }
}

/// An invitation, with its code where it was just made.
package struct InvitationShape: Decodable, Sendable {
    let id: Int64
    let uses: Int
    let used: Int
    let by: String
    let created_at: RFC3339
    let expires_at: RFC3339?
    package let code: String?

    package var invitation: Invitation {
        Invitation(
            id: id, uses: uses, used: used, by: by, createdAt: created_at.moment, expiresAt: expires_at?.moment)
    }
}

/// The answer to a log-in.
package struct LoginShape: Decodable, Sendable {
    package let token: String
}

/// An error body.
package struct ErrorShape: Decodable, Sendable {
    /// The value of `error`.
    struct Content: Decodable {
        let code: String
        let message: String
        let hint: String?
        let errors: [String: [String]]?
        let retry_after_ms: Int64?
    }

    let error: Content

    /// The server's error as a `ChatError`.
    ///
    /// - Parameter code: used in place of a code that this client does not know.
    package func error(unknown code: ErrorCode) -> ChatError {
        ChatError(
            ErrorCode(rawValue: error.code) ?? code, error.message, hint: error.hint,
            retryAfter: error.retry_after_ms.map { .milliseconds($0) }, fields: error.errors ?? [:])
    }
}

/// A timestamp in RFC 3339 text.
struct RFC3339: Decodable, Sendable {
    let moment: Timestamp

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let moment = Timestamp(rfc3339: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not RFC 3339")
        }
        self.moment = moment
    }
}
