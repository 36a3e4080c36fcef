import ChatCore

extension SQLStore: MessageStore {
    package func messages(
        in room: RoomReference, _ range: MessageRange, limit: Int
    ) async throws(ChatError) -> [Message] {
        try await driver.read { session throws(ChatError) in
            switch range {
            case .latest:
                try Self.newest(in: room, before: .max, limit: limit, session)
            case .before(let seq):
                try Self.newest(in: room, before: seq, limit: limit, session)
            case .after(let seq):
                try Self.oldest(in: room, after: seq, limit: limit, session)
            case .since(let moment):
                try Self.oldest(
                    in: room, after: Self.lastSeq(in: room.id, before: moment, session), limit: limit, session)
            }
        }
    }

    package func message(in room: RoomReference, seq: Int64) async throws(ChatError) -> Message? {
        try await driver.read { session throws(ChatError) in
            try session.query("\(SQL.messages) WHERE m.room_id = $1 AND m.seq = $2", [.room(room.id), .integer(seq)])
                .first.map { row throws(ChatError) in try Message(row, in: room) }
        }
    }

    package func lastSeq(of room: RoomID) async throws(ChatError) -> Int64? {
        try await driver.read { session throws(ChatError) in
            try session.query("SELECT last_seq FROM rooms WHERE id = $1", [.room(room)]).first?.integer(0)
        }
    }

    package func lastSeqs(of rooms: [RoomID]) async throws(ChatError) -> [RoomID: Int64] {
        guard !rooms.isEmpty else { return [:] }
        let sql = "SELECT id, last_seq FROM rooms WHERE \(driver.dialect.isListed("id", "$1"))"
        let list = driver.dialect.list(rooms.map(\.value))
        return try await driver.read { session throws(ChatError) in
            var ends: [RoomID: Int64] = [:]
            for row in try session.query(sql, [list]) { ends[RoomID(try row.integer(0))] = try row.integer(1) }
            return ends
        }
    }

    package func deleteMessage(
        in room: RoomID, seq: Int64, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Bool {
        try await perform(act, at: moment) { session throws(ChatError) in
            let changed = try session.execute(
                """
                UPDATE messages SET body = '', deleted_at = $1
                WHERE room_id = $2 AND seq = $3 AND deleted_at IS NULL
                """, [.time(moment), .room(room), .integer(seq)])
            guard changed == 1 else { return false }
            try session.record(act, at: moment)
            return true
        }
    }

    package func editMessage(
        in room: RoomReference, seq: Int64, to body: MessageBody, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Message? {
        try await perform(act, at: moment) { [dialect = driver.dialect] session throws(ChatError) in
            let changed = try session.execute(
                """
                UPDATE messages SET body = $1, edited_at = $2
                WHERE room_id = $3 AND seq = $4 AND deleted_at IS NULL AND body <> $1
                """, [.text(body.text), .time(moment), .room(room.id), .integer(seq)])
            let rows = try session.query(
                "\(SQL.messages) WHERE m.room_id = $1 AND m.seq = $2 AND m.deleted_at IS NULL",
                [.room(room.id), .integer(seq)])
            guard let message = try rows.first.map({ row throws(ChatError) in try Message(row, in: room) }) else {
                return nil
            }
            guard changed == 1 else { return message }
            try Self.reindex(message.id, body.text, dialect, session)
            try session.record(act, at: moment)
            return message
        }
    }

    package func markRead(_ marks: [ReadMark]) async throws(ChatError) {
        // In one order everywhere, so that two nodes never wait for each other's rows.
        let ordered = marks.sorted {
            ($0.seat.room.value, $0.seat.user.value) < ($1.seat.room.value, $1.seat.user.value)
        }
        try await driver.write { session throws(ChatError) in
            for mark in ordered {
                try session.execute(
                    """
                    UPDATE memberships SET last_read_seq = $1 WHERE room_id = $2 AND user_id = $3
                        AND last_read_seq < $1 AND EXISTS (SELECT 1 FROM rooms r WHERE r.id = $2 AND r.last_seq >= $1)
                    """, [.integer(mark.seq), .room(mark.seat.room), .user(mark.seat.user)])
            }
        }
    }
}

extension SQLStore {
    private static func newest(
        in room: RoomReference, before seq: Int64, limit: Int, _ session: any SQLSession
    ) throws(ChatError) -> [Message] {
        try session.query(
            "\(SQL.messages) WHERE m.room_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3",
            [.room(room.id), .integer(seq), .count(max(0, limit))]
        ).reversed().map { row throws(ChatError) in try Message(row, in: room) }
    }

    private static func oldest(
        in room: RoomReference, after seq: Int64, limit: Int, _ session: any SQLSession
    ) throws(ChatError) -> [Message] {
        try session.query(
            "\(SQL.messages) WHERE m.room_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3",
            [.room(room.id), .integer(seq), .count(max(0, limit))]
        ).map { row throws(ChatError) in try Message(row, in: room) }
    }

    /// The greatest `seq` written before a moment, found by binary search: times do not go back along a room's log (see
    /// ``AppendPlan``), so no index on them is needed, for which every insert would pay.
    private static func lastSeq(
        in room: RoomID, before moment: Timestamp, _ session: any SQLSession
    ) throws(ChatError) -> Int64 {
        let ends = try session.query("SELECT last_seq FROM rooms WHERE id = $1", [.room(room)])
        var (low, high): (Int64, Int64) = (0, try ends.first?.integer(0) ?? 0)
        while low < high {
            let middle = low + (high - low) / 2
            let next = try session.query(
                "SELECT seq, created_at FROM messages WHERE room_id = $1 AND seq > $2 ORDER BY seq LIMIT 1",
                [.room(room), .integer(middle)]
            ).first
            guard let next, try next.time(1) < moment else {
                high = middle
                continue
            }
            low = try next.integer(0)
        }
        return low
    }
}

extension Message {
    /// All of a message but its room.
    enum Column: Int, SQLColumn {
        case id, seq, body, authorID, username, displayName, createdAt, editedAt, deletedAt

        var sql: String {
            switch self {
            case .id: "m.id"
            case .seq: "m.seq"
            case .body: "m.body"
            case .authorID: "m.author_id"
            case .username: "u.username"
            case .displayName: "u.display_name"
            case .createdAt: "m.created_at"
            case .editedAt: "m.edited_at"
            case .deletedAt: "m.deleted_at"
            }
        }
    }

    /// Reads a message of a known room.
    init(_ row: SQLRow, in room: RoomReference) throws(ChatError) {
        self.init(
            id: try row.integer(Column.id), room: room, seq: try row.integer(Column.seq),
            body: MessageBody(stored: try row.text(Column.body)),
            author: Author(
                id: UserID(try row.integer(Column.authorID)), username: Username(stored: try row.text(Column.username)),
                displayName: try row.text(Column.displayName)),
            createdAt: try row.time(Column.createdAt), editedAt: try row.optionalTime(Column.editedAt),
            isDeleted: !row.isNull(Column.deletedAt))
    }

    /// Reads a row of ``SQL/messagesWithRoom``.
    init(_ row: SQLRow) throws(ChatError) {
        try self.init(row, in: RoomReference(row.after(Column.self)))
    }
}
