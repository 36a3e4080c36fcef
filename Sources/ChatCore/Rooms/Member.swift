/// A user of a room.
package struct Member: Equatable, Sendable {
    package let username: Username
    package let role: MemberRole
    package let joinedAt: Timestamp

    package init(username: Username, role: MemberRole, joinedAt: Timestamp) {
        self.username = username
        self.role = role
        self.joinedAt = joinedAt
    }
}

/// What a moderator can put on a user in a room.
package enum RestrictionKind: String, Sendable {
    case ban
    case mute
}

/// A ban or mute to be stored; without an end it lasts until it is lifted.
package struct Restriction: Sendable {
    package let kind: RestrictionKind
    package let until: Timestamp?

    package init(_ kind: RestrictionKind, until: Timestamp?) {
        self.kind = kind
        self.until = until
    }
}

/// Why a user lost a room, as the `removed` frame says it.
package enum RemovalReason: String, Sendable, Codable {
    case kicked
    case banned
    case removed
    case deleted
}
