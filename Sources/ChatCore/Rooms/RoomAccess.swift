// The rules of who may do what in a room stand here and nowhere else, as questions to a value that the
// store fills in one query. The append of messages asks the same questions inside its transaction.

/// One user's standing in one room at one moment.
package struct RoomAccess: Sendable, Equatable {
    package let room: RoomReference
    package let kind: RoomKind
    package let isArchived: Bool
    package let lastSeq: Int64
    /// The user's role, nil for who is no member.
    package let role: MemberRole?
    package let isBanned: Bool
    package let isMuted: Bool
    package let isSiteAdmin: Bool
    /// Whether the user is online in the room, on any node; known where the room was asked for by name.
    package var isOnline = false

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
    /// May the user read messages, members and presence?
    ///
    /// Site administrators read public and private rooms, never other people's direct rooms.
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

    /// May the user post?
    ///
    /// - Throws: `banned`, `notAMember`, `muted` or `archived`.
    package func requirePosting() throws(ChatError) {
        if isBanned { throw ChatError(.banned, "room \(room.name): you are banned from it") }
        if kind != .public && role == nil { throw ChatError(.notAMember, "room \(room.name): you are not a member") }
        if isMuted { throw ChatError(.muted, "room \(room.name): you are muted there") }
        if isArchived { throw ChatError(.archived, "room \(room.name): it is archived, nobody can post") }
    }

    /// May the user change the room or hand out roles?
    ///
    /// - Throws: `notAllowed`.
    package func requireOwning(for act: String) throws(ChatError) {
        guard kind != .direct else { throw ChatError(.notAllowed, "room \(room.name): a direct room cannot \(act)") }
        guard isSiteAdmin || role == .owner else {
            throw ChatError(.notAllowed, "room \(room.name): only an owner or an administrator may \(act)")
        }
    }

    /// May the user moderate somebody of role `other`?
    ///
    /// - Throws: `notAllowed`: moderators act on plain members and strangers, owners on everyone else.
    package func requireModerating(_ other: MemberRole?, for act: String) throws(ChatError) {
        guard kind != .direct else { throw ChatError(.notAllowed, "room \(room.name): a direct room cannot \(act)") }
        if isSiteAdmin { return }
        guard let role, role >= .moderator else {
            throw ChatError(.notAllowed, "room \(room.name): only a moderator may \(act)")
        }
        guard role > other ?? .member else {
            throw ChatError(
                .notAllowed, "room \(room.name): a \(role.rawValue) may not \(act) a \(other?.rawValue ?? "member")")
        }
    }
}
