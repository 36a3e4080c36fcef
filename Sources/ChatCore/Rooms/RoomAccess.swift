// All rules of who may do what in a room, as checks on a value that the store fills with one query. Appending messages
// makes the same checks inside its transaction.

/// One user's rights in one room at one moment.
package struct RoomAccess: Sendable, Equatable {
    package let room: RoomReference
    package let kind: RoomKind
    package let isArchived: Bool
    package let lastSeq: Int64
    /// The user's role; nil for a user who is not a member.
    package let role: MemberRole?
    package let isBanned: Bool
    package let isMuted: Bool
    package let isSiteAdmin: Bool
    /// True if the user is online in the room, on any node; set only when the room was looked up by name.
    package var isOnline = false
    /// The last `seq` when the database was restored, 0 for a room made later; nil if it never was restored. A position
    /// behind it that comes without an epoch may be one in the log that was given up. Set only when the room was looked
    /// up by name.
    package var restoredSeq: Int64?
    /// False in a direct room whose other account is disabled or was deleted.
    package var hasPeer = true

    package init(
        room: RoomReference, kind: RoomKind, isArchived: Bool, lastSeq: Int64, role: MemberRole?, isBanned: Bool,
        isMuted: Bool, isSiteAdmin: Bool
    ) {
        self.room = room
        self.kind = kind
        self.isArchived = isArchived
        self.lastSeq = lastSeq
        self.role = role
        self.isBanned = isBanned
        self.isMuted = isMuted
        self.isSiteAdmin = isSiteAdmin
    }
}

extension RoomAccess {
    /// Requires the right to read messages, members and presence.
    ///
    /// Site administrators may read public and private rooms, but never other people's direct rooms.
    /// - Throws: `banned` or `notAMember`.
    package func requireReading() throws(ChatError) {
        if isBanned && !isSiteAdmin { throw ChatError(.banned, "room \(room.name): you are banned from it") }
        switch kind {
        case .public: return
        case .private: if role != nil || isSiteAdmin { return }
        case .direct: if role != nil { return }
        }
        throw ChatError(.notAMember, "room \(room.name): you are not a member")
    }

    /// Requires the right to post.
    ///
    /// - Throws: `banned`, `notAMember`, `muted` or `archived`.
    package func requirePosting() throws(ChatError) {
        if isBanned { throw ChatError(.banned, "room \(room.name): you are banned from it") }
        if kind != .public && role == nil { throw ChatError(.notAMember, "room \(room.name): you are not a member") }
        if !hasPeer {
            throw ChatError(.archived, "room \(room.name): the other account is disabled or deleted, nobody can post")
        }
        if isMuted { throw ChatError(.muted, "room \(room.name): you are muted there") }
        if isArchived { throw ChatError(.archived, "room \(room.name): it is archived, nobody can post") }
    }

    /// Requires the right to change the room and to assign roles.
    ///
    /// - Parameter act: completes the error message: "only an owner … may `act`".
    /// - Throws: `notAllowed`.
    package func requireOwning(for act: String) throws(ChatError) {
        guard kind != .direct else { throw ChatError(.notAllowed, "room \(room.name): a direct room cannot \(act)") }
        guard isSiteAdmin || role == .owner else {
            throw ChatError(.notAllowed, "room \(room.name): only an owner or an administrator may \(act)")
        }
        if isBanned && !isSiteAdmin { throw ChatError(.banned, "room \(room.name): you are banned from it") }
    }

    /// Requires the right to moderate a user with role `other`; nil means a user who is not a member. Moderators may
    /// act on plain members and non-members, owners on everyone but owners.
    ///
    /// - Parameter act: completes the error message: "only a moderator may `act`".
    /// - Throws: `notAllowed`.
    package func requireModerating(_ other: MemberRole?, for act: String) throws(ChatError) {
        guard kind != .direct else { throw ChatError(.notAllowed, "room \(room.name): a direct room cannot \(act)") }
        if isSiteAdmin { return }
        guard let role, role >= .moderator else {
            throw ChatError(.notAllowed, "room \(room.name): only a moderator may \(act)")
        }
        if isBanned { throw ChatError(.banned, "room \(room.name): you are banned from it") }
        guard role > other ?? .member else {
            throw ChatError(
                .notAllowed, "room \(room.name): a \(role.rawValue) may not \(act) a \(other?.rawValue ?? "member")")
        }
    }
}
