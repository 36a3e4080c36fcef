/// A member of a room.
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

/// What a moderator can impose on a user in a room.
package enum RestrictionKind: String, Sendable, Codable, CaseIterable {
    case ban
    case mute
}

/// A ban or mute; without `until` it lasts until it is lifted.
package struct Restriction: Sendable {
    package let kind: RestrictionKind
    package let until: Timestamp?
    /// Why, for those who moderate; empty if nobody said.
    package let reason: String

    package init(_ kind: RestrictionKind, until: Timestamp?, reason: String = "") {
        self.kind = kind
        self.until = until
        self.reason = reason
    }
}

/// A ban or mute that is in force.
package struct ImposedRestriction: Equatable, Sendable {
    package let username: Username
    package let kind: RestrictionKind
    package let until: Timestamp?
    /// The name of who imposed it, as in the audit log.
    package let by: String
    package let at: Timestamp
    package let reason: String

    package init(
        username: Username, kind: RestrictionKind, until: Timestamp?, by: String, at: Timestamp, reason: String = ""
    ) {
        self.username = username
        self.kind = kind
        self.until = until
        self.by = by
        self.at = at
        self.reason = reason
    }
}

/// Why a user lost access to a room; the raw value appears in the `removed` frame.
package enum RemovalReason: String, Sendable, Codable {
    case kicked
    case banned
    case removed
    case deleted
}
