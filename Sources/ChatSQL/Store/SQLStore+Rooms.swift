import ChatCore

extension SQLStore: RoomStore {
    package func insertRoom(
        _ room: NewRoom, owner: UserID?, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Room {
        try await perform(act, at: moment) { session throws(ChatError) in
            if let owner, !act.caller.isAdministrator { try Self.requirePlace(forRoomOf: owner, session) }
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

    package func room(named name: RoomName, at moment: Timestamp) async throws(ChatError) -> Room? {
        try await driver.read { session throws(ChatError) in
            try session.query("\(SQL.room) WHERE r.name = $2", [.time(moment), .text(name.text)])
                .first.map { row throws(ChatError) in try Room(row) }
        }
    }

    package func room(_ id: RoomID, at moment: Timestamp) async throws(ChatError) -> Room? {
        try await driver.read { session throws(ChatError) in
            try Self.room(id, at: moment, in: session)
        }
    }

    package func rooms(
        _ filter: RoomFilter, visibleTo user: UserID?, at moment: Timestamp
    ) async throws(ChatError) -> [Room] {
        var conditions: [String] = []
        var arguments: [SQLValue] = [.time(moment)]
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
            // Who is banned sees nothing of the room, the counts included.
            require(.user(user)) {
                """
                NOT EXISTS (SELECT 1 FROM restrictions x WHERE x.room_id = r.id AND x.user_id = \($0)
                    AND x.kind = 'ban' AND (x.until IS NULL OR x.until > $1))
                """
            }
        }
        let part = SQL.part(filter.page.after.map { .text($0.text) }, filter.page.most, of: "r.name", &arguments)
        let sql = "\(SQL.room) WHERE \((["1 = 1"] + conditions).joined(separator: " AND ")) \(part)"
        return try await driver.read { [arguments] session throws(ChatError) in
            try session.query(sql, arguments).map { row throws(ChatError) in try Room(row) }
        }
    }

    package func updateRoom(
        _ id: RoomID, _ change: RoomChange, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Room {
        do throws(ChatError) {
            return try await perform(act, at: moment) { session throws(ChatError) in
                try session.execute(
                    """
                    UPDATE rooms SET name = COALESCE($1, name), topic = COALESCE($2, topic),
                        archived_at = CASE CAST($3 AS BIGINT) WHEN 1 THEN COALESCE(archived_at, CAST($4 AS BIGINT))
                            WHEN 0 THEN NULL ELSE archived_at END,
                        changed_at = $4
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
        try await perform(act, at: moment) { session throws(ChatError) in
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
                access.isOnline = try row.after(RoomAccess.Column.self).integer(0) > 0
                return access
            }
        }
    }
}

extension SQLStore {
    /// - Throws: `notAllowed` when the user has created as many rooms as one may.
    private static func requirePlace(forRoomOf user: UserID, _ session: any SQLSession) throws(ChatError) {
        let made = try session.query("SELECT COUNT(*) FROM rooms WHERE created_by = $1", [.user(user)]).first
        guard let made, try made.integer(0) >= Limits.roomsPerUser else { return }
        throw ChatError(
            .notAllowed, "rooms: you have created \(Limits.roomsPerUser) that still exist", hint: "delete some first")
    }

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

    /// Adds users as members; no-op for those who are members already.
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
    /// `$1` is the present time, which decides whose leases count.
    enum Column: Int, SQLColumn {
        case id, name, kind, topic, archivedAt, lastSeq, createdAt, memberCount, onlineCount

        var sql: String {
            switch self {
            case .id: "r.id"
            case .name: "r.name"
            case .kind: "r.kind"
            case .topic: "r.topic"
            case .archivedAt: "r.archived_at"
            case .lastSeq: "r.last_seq"
            case .createdAt: "r.created_at"
            case .memberCount: "(SELECT COUNT(*) FROM memberships m WHERE m.room_id = r.id)"
            case .onlineCount:
                """
                (SELECT COUNT(DISTINCT p.user_id) FROM presence p JOIN nodes n ON n.id = p.node_id
                    WHERE p.room_id = r.id AND n.lease_until > $1)
                """
            }
        }
    }

    /// Reads a row of ``SQL/room``.
    init(_ row: SQLRow) throws(ChatError) {
        self.init(
            id: RoomID(try row.integer(Column.id)), name: RoomName(stored: try row.text(Column.name)),
            kind: try row.choice(Column.kind), topic: try row.text(Column.topic),
            isArchived: !row.isNull(Column.archivedAt), lastSeq: try row.integer(Column.lastSeq),
            memberCount: Int(try row.integer(Column.memberCount)),
            onlineCount: Int(try row.integer(Column.onlineCount)), createdAt: try row.time(Column.createdAt))
    }
}

extension RoomReference {
    enum Column: Int, SQLColumn {
        case id, name

        var sql: String {
            switch self {
            case .id: "r.id"
            case .name: "r.name"
            }
        }
    }

    init(_ row: SQLRow) throws(ChatError) {
        self.init(id: RoomID(try row.integer(Column.id)), name: RoomName(stored: try row.text(Column.name)))
    }
}
