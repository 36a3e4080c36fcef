import ChatCore

extension SQLStore: MemberStore {
    package func members(of room: RoomID, _ page: ListPage<Username>) async throws(ChatError) -> [Member] {
        try await driver.read { session throws(ChatError) in
            var arguments: [SQLValue] = [.room(room)]
            let part = SQL.part(page.after.map { .text($0.text) }, page.most, of: "u.username", &arguments)
            return try session.query(
                """
                SELECT \(Member.Column.list()) FROM memberships m JOIN users u ON u.id = m.user_id
                WHERE m.room_id = $1 \(part)
                """, arguments
            ).map { row throws(ChatError) in try Member(row) }
        }
    }

    package func memberIDs(of room: RoomID) async throws(ChatError) -> [UserID] {
        try await driver.read { session throws(ChatError) in
            try session.query("SELECT user_id FROM memberships WHERE room_id = $1 ORDER BY user_id", [.room(room)])
                .map { row throws(ChatError) in UserID(try row.integer(0)) }
        }
    }

    package func role(of user: UserID, in room: RoomID) async throws(ChatError) -> MemberRole? {
        try await driver.read { session throws(ChatError) in try Self.role(of: user, in: room, session) }
    }

    package func setMember(
        _ user: UserID, of room: RoomID, role: MemberRole?, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> MembershipOutcome {
        try await perform(act, at: moment) { [dialect = driver.dialect] session throws(ChatError) in
            try Self.lockMembers(of: room, dialect, session)
            guard let present = try Self.role(of: user, in: room, session) else {
                try Self.requireUser(user, session)
                try Self.requireNoBan(on: user, in: room, at: moment, session)
                if !act.caller.isAdministrator { try Self.requirePlace(in: room, session) }
                try Self.join([user], room, as: role ?? .member, at: moment, in: session)
                try session.record(act, at: moment)
                return .added
            }
            guard let role, role != present else { return .unchanged }
            if present == .owner { try Self.requireAnotherOwner(than: user, in: room, session) }
            try session.execute(
                "UPDATE memberships SET role = $1 WHERE room_id = $2 AND user_id = $3",
                [.text(role.rawValue), .room(room), .user(user)])
            try session.record(act, at: moment)
            return .roleChanged
        }
    }

    package func removeMember(
        _ user: UserID, of room: RoomID, orStranger: Bool, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Bool {
        try await perform(act, at: moment) { [dialect = driver.dialect] session throws(ChatError) in
            try Self.lockMembers(of: room, dialect, session)
            if let present = try Self.role(of: user, in: room, session) {
                if present == .owner { try Self.requireAnotherOwner(than: user, in: room, session) }
                try Self.endMembership(of: user, in: room, session)
            } else if !orStranger {
                return false
            }
            try session.record(act, at: moment)
            return true
        }
    }

    package func restrict(
        _ user: UserID, in room: RoomID, _ restriction: Restriction, at moment: Timestamp, act: Act
    ) async throws(ChatError) {
        try await perform(act, at: moment) { [dialect = driver.dialect] session throws(ChatError) in
            try Self.lockMembers(of: room, dialect, session)
            try session.execute(
                """
                INSERT INTO restrictions (room_id, user_id, kind, until, made_by, made_at, reason)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (room_id, user_id, kind)
                DO UPDATE SET until = excluded.until, made_by = excluded.made_by, made_at = excluded.made_at,
                    reason = excluded.reason
                """,
                [
                    .room(room), .user(user), .text(restriction.kind.rawValue), .time(restriction.until),
                    .text(act.actor), .time(moment), .text(restriction.reason),
                ])
            if restriction.kind == .ban {
                if try Self.role(of: user, in: room, session) == .owner {
                    try Self.requireAnotherOwner(than: user, in: room, session)
                }
                try Self.endMembership(of: user, in: room, session)
            }
            try session.record(act, at: moment)
        }
    }

    package func restrictions(
        in room: RoomID, at moment: Timestamp
    ) async throws(ChatError) -> [ImposedRestriction] {
        try await driver.read { session throws(ChatError) in
            try session.query(
                """
                SELECT \(ImposedRestriction.Column.list()) FROM restrictions x JOIN users u ON u.id = x.user_id
                WHERE x.room_id = $1 AND (x.until IS NULL OR x.until > $2) ORDER BY u.username, x.kind
                """, [.room(room), .time(moment)]
            ).map { row throws(ChatError) in try ImposedRestriction(row) }
        }
    }

    package func lift(
        _ kind: RestrictionKind, from user: UserID, in room: RoomID, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Bool {
        try await perform(act, at: moment) { session throws(ChatError) in
            let rows = try session.query(
                "DELETE FROM restrictions WHERE room_id = $1 AND user_id = $2 AND kind = $3 RETURNING until",
                [.room(room), .user(user), .text(kind.rawValue)])
            guard let row = rows.first else { return false }
            // An expired one was no longer in force.
            if let until = try row.optionalTime(0), until <= moment { return false }
            try session.record(act, at: moment)
            return true
        }
    }
}

extension SQLStore {
    /// Locks the room's row against other changes of its members, and against posts by somebody who is being removed.
    ///
    /// - Throws: `roomNotFound`; `notAllowed` for a direct room, whose two members are fixed.
    private static func lockMembers(
        of room: RoomID, _ dialect: SQLDialect, _ session: any SQLSession
    ) throws(ChatError) {
        let rows = try session.query(
            "SELECT name, kind FROM rooms WHERE id = $1 \(dialect.rowLock)", [.room(room)])
        guard let row = rows.first else { throw .goneRoom }
        if try row.choice(1, of: RoomKind.self) == .direct {
            throw ChatError(.notAllowed, "room \(try row.text(0)): the members of a direct room do not change")
        }
    }

    static func role(
        of user: UserID, in room: RoomID, _ session: any SQLSession
    ) throws(ChatError) -> MemberRole? {
        try session.query(
            "SELECT role FROM memberships WHERE room_id = $1 AND user_id = $2", [.room(room), .user(user)]
        ).first.map { row throws(ChatError) in try row.choice(0) }
    }

    /// - Throws: `userNotFound` for an account that was deleted.
    private static func requireUser(_ user: UserID, _ session: any SQLSession) throws(ChatError) {
        let rows = try session.query("SELECT id FROM users WHERE id = $1 AND deleted_at IS NULL", [.user(user)])
        guard !rows.isEmpty else { throw .goneUser }
    }

    /// - Throws: `notAllowed` when the room has as many members as one may.
    private static func requirePlace(in room: RoomID, _ session: any SQLSession) throws(ChatError) {
        let count = try session.query("SELECT COUNT(*) FROM memberships WHERE room_id = $1", [.room(room)]).first
        guard let count, try count.integer(0) >= Limits.membersPerRoom else { return }
        throw ChatError(
            .notAllowed, "room: it has \(Limits.membersPerRoom) members already", hint: "ask an administrator")
    }

    /// Whoever is banned cannot become a member, or would hold a role that the ban was to end.
    ///
    /// - Throws: `notAllowed` while a ban is in force.
    private static func requireNoBan(
        on user: UserID, in room: RoomID, at moment: Timestamp, _ session: any SQLSession
    ) throws(ChatError) {
        let bans = try session.query(
            """
            SELECT u.username, r.name FROM restrictions x JOIN users u ON u.id = x.user_id JOIN rooms r ON r.id = x.room_id
            WHERE x.room_id = $1 AND x.user_id = $2 AND x.kind = 'ban' AND (x.until IS NULL OR x.until > $3)
            """, [.room(room), .user(user), .time(moment)])
        guard let ban = bans.first else { return }
        throw ChatError(
            .notAllowed, "room \(try ban.text(1)): \(try ban.text(0)) is banned from it", hint: "lift the ban first")
    }

    private static func endMembership(
        of user: UserID, in room: RoomID, _ session: any SQLSession
    ) throws(ChatError) {
        try session.execute(
            "DELETE FROM memberships WHERE room_id = $1 AND user_id = $2", [.room(room), .user(user)])
    }

    /// - Throws: `notAllowed` when `user` is the only owner.
    private static func requireAnotherOwner(
        than user: UserID, in room: RoomID, _ session: any SQLSession
    ) throws(ChatError) {
        let rows = try session.query(
            """
            SELECT r.name, (SELECT COUNT(*) FROM memberships m
                WHERE m.room_id = r.id AND m.role = 'owner' AND m.user_id <> $1)
            FROM rooms r WHERE r.id = $2
            """, [.user(user), .room(room)])
        guard let row = rows.first, try row.integer(1) == 0 else { return }
        let name = try row.text(0)
        throw ChatError(
            .notAllowed, "room \(name): it would have no owner", remedy: .appointOwner(of: RoomName(stored: name)))
    }
}

extension ImposedRestriction {
    enum Column: Int, SQLColumn {
        case username, kind, until, by, at, reason

        var sql: String {
            switch self {
            case .username: "u.username"
            case .kind: "x.kind"
            case .until: "x.until"
            case .by: "x.made_by"
            case .at: "x.made_at"
            case .reason: "x.reason"
            }
        }
    }

    fileprivate init(_ row: SQLRow) throws(ChatError) {
        self.init(
            username: Username(stored: try row.text(Column.username)), kind: try row.choice(Column.kind),
            until: try row.optionalTime(Column.until), by: try row.text(Column.by), at: try row.time(Column.at),
            reason: try row.text(Column.reason))
    }
}

extension Member {
    enum Column: Int, SQLColumn {
        case username, role, joinedAt

        var sql: String {
            switch self {
            case .username: "u.username"
            case .role: "m.role"
            case .joinedAt: "m.joined_at"
            }
        }
    }

    fileprivate init(_ row: SQLRow) throws(ChatError) {
        self.init(
            username: Username(stored: try row.text(Column.username)), role: try row.choice(Column.role),
            joinedAt: try row.time(Column.joinedAt))
    }
}
