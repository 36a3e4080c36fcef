import ChatCore

extension SQLStore: RoomStore {
    package func insertRoom(
        _ room: NewRoom, owner: UserID?, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Room {
        try await driver.write { session throws(ChatError) in
            let rows = try session.query(
                """
                INSERT INTO rooms (name, kind, topic, created_by, created_at) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (name) DO NOTHING RETURNING id
                """,
                [
                    .text(room.name.text), .text(room.kind.rawValue), .text(room.topic), .user(owner), .time(moment),
                ])
            guard let row = rows.first else { throw .takenRoomName(room.name) }
            let id = RoomID(try row.integer(0))
            if let owner { try Self.join([owner], id, as: .owner, at: moment, in: session) }
            let members = try room.members.map { name throws(ChatError) in try Self.id(of: name, in: session) }
            try Self.join(members, id, as: .member, at: moment, in: session)
            try session.record(act, at: moment)
            return try Self.existingRoom(id, at: moment, in: session)
        }
    }

    package func room(named name: RoomName) async throws(ChatError) -> Room? {
        let moment = clock.now()
        return try await driver.read { session throws(ChatError) in
            try session.query("\(SQL.room) WHERE r.name = $2", [.time(moment), .text(name.text)])
                .first.map { row throws(ChatError) in try Room(row) }
        }
    }

    package func room(_ id: RoomID) async throws(ChatError) -> Room? {
        let moment = clock.now()
        return try await driver.read { session throws(ChatError) in
            try Self.room(id, at: moment, in: session)
        }
    }

    package func rooms(_ filter: RoomFilter, visibleTo user: UserID?) async throws(ChatError) -> [Room] {
        var conditions: [String] = []
        var arguments: [SQLValue] = [.time(clock.now())]
        func require(_ value: SQLValue, _ condition: (String) -> String) {
            arguments.append(value)
            conditions.append(condition("$\(arguments.count)"))
        }
        if let kind = filter.kind { require(.text(kind.rawValue)) { "r.kind = \($0)" } }
        if let member = filter.member {
            require(.text(member.text)) {
                """
                EXISTS (SELECT 1 FROM memberships f JOIN users fu ON fu.id = f.user_id
                    WHERE f.room_id = r.id AND fu.username = \($0))
                """
            }
        }
        if let user {
            require(.user(user)) {
                """
                (r.kind = 'public' OR EXISTS (SELECT 1 FROM memberships v
                    WHERE v.room_id = r.id AND v.user_id = \($0)))
                """
            }
        }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let sql = "\(SQL.room) \(filter) ORDER BY r.name"
        return try await driver.read { [arguments] session throws(ChatError) in
            try session.query(sql, arguments).map { row throws(ChatError) in try Room(row) }
        }
    }

    package func updateRoom(
        _ id: RoomID, _ change: RoomChange, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Room {
        do throws(ChatError) {
            return try await driver.write { session throws(ChatError) in
                try session.execute(
                    """
                    UPDATE rooms SET name = COALESCE($1, name), topic = COALESCE($2, topic),
                        archived_at = CASE CAST($3 AS BIGINT) WHEN 1 THEN COALESCE(archived_at, CAST($4 AS BIGINT))
                            WHEN 0 THEN NULL ELSE archived_at END
                    WHERE id = $5
                    """,
                    [
                        .text(change.name?.text), .text(change.topic), .flag(change.archived), .time(moment),
                        .room(id),
                    ])
                try session.record(act, at: moment)
                return try Self.existingRoom(id, at: moment, in: session)
            }
        } catch {
            if error.code == .alreadyExists, let name = change.name { throw .takenRoomName(name) }
            throw error
        }
    }

    package func deleteRoom(_ id: RoomID, at moment: Timestamp, act: Act) async throws(ChatError) {
        try await driver.write { session throws(ChatError) in
            guard try session.execute("DELETE FROM rooms WHERE id = $1", [.room(id)]) == 1 else { throw .goneRoom }
            try session.record(act, at: moment)
        }
    }

    package func access(
        to name: RoomName, for user: UserID?, at moment: Timestamp
    ) async throws(ChatError) -> RoomAccess? {
        try await driver.read { session throws(ChatError) in
            try session.query(
                "\(SQL.standingAndPresence) WHERE r.name = $3", [.time(moment), .user(user), .text(name.text)]
            ).first.map { row throws(ChatError) in
                var access = try RoomAccess(row)
                access.isOnline = try row.integer(13) > 0
                return access
            }
        }
    }
}

extension SQLStore {
    static func room(
        _ id: RoomID, at moment: Timestamp, in session: any SQLSession
    ) throws(ChatError) -> Room? {
        try session.query("\(SQL.room) WHERE r.id = $2", [.time(moment), .room(id)])
            .first.map { row throws(ChatError) in try Room(row) }
    }

    static func existingRoom(
        _ id: RoomID, at moment: Timestamp, in session: any SQLSession
    ) throws(ChatError) -> Room {
        guard let room = try room(id, at: moment, in: session) else { throw .goneRoom }
        return room
    }

    /// Makes users members who are none yet.
    static func join(
        _ users: [UserID], _ room: RoomID, as role: MemberRole, at moment: Timestamp, in session: any SQLSession
    ) throws(ChatError) {
        try session.queryEach(
            """
            INSERT INTO memberships (room_id, user_id, role, joined_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (room_id, user_id) DO NOTHING
            """,
            users.map { [.room(room), .user($0), .text(role.rawValue), .time(moment)] })
    }

    private static func id(of name: Username, in session: any SQLSession) throws(ChatError) -> UserID {
        let rows = try session.query(
            "SELECT id FROM users WHERE username = $1 AND deleted_at IS NULL", [.text(name.text)])
        guard let row = rows.first else { throw .noUser(name) }
        return UserID(try row.integer(0))
    }
}

extension Room {
    /// Reads a row of ``SQL/room``.
    init(_ row: SQLRow) throws(ChatError) {
        self.init(
            id: RoomID(try row.integer(0)), name: RoomName(stored: try row.text(1)), kind: try row.choice(2),
            topic: try row.text(3), isArchived: !row.isNull(4), lastSeq: try row.integer(5),
            memberCount: Int(try row.integer(7)), onlineCount: Int(try row.integer(8)), createdAt: try row.time(6))
    }
}

extension RoomAccess {
    /// Reads a row of ``SQL/standing``.
    init(_ row: SQLRow) throws(ChatError) {
        let siteRole: SiteRole? = row.isNull(7) ? nil : try row.choice(7)
        self.init(
            room: RoomReference(id: RoomID(try row.integer(0)), name: RoomName(stored: try row.text(1))),
            kind: try row.choice(2), isArchived: !row.isNull(3), lastSeq: try row.integer(4),
            role: row.isNull(9) ? nil : try row.choice(9), isBanned: try row.integer(10) > 0,
            isMuted: try row.integer(11) > 0, isSiteAdmin: siteRole == .admin)
    }
}

extension ChatError {
    static func takenRoomName(_ name: RoomName) -> ChatError {
        ChatError(.alreadyExists, "room \(name): already exists")
    }
}
