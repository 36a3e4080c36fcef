import ChatCore

// No index leads from an author to the messages: every post would pay for it, and only deletions need it. So a deletion
// reads the log in bounded parts, by `id` in all rooms and by `seq` in one.

extension SQLStore: SweepStore {
    package func author(named name: Username) async throws(ChatError) -> UserID? {
        try await driver.read { session throws(ChatError) in
            try session.query("SELECT id FROM users WHERE username = $1", [.text(name.text)])
                .first.map { row throws(ChatError) in UserID(try row.integer(0)) }
        }
    }

    package func messages(
        by author: UserID, in room: RoomID?, since: Timestamp?, besidesDirect: Bool, after position: Int64
    ) async throws(ChatError) -> FoundMessages {
        let key = room == nil ? "m.id" : "m.seq"
        var conditions = ["m.author_id = $1", "m.deleted_at IS NULL", "\(key) > $2", "\(key) <= $3"]
        var narrowing: [SQLValue] = []
        func require(_ value: SQLValue, _ condition: String) {
            narrowing.append(value)
            conditions.append("\(condition) $\(narrowing.count + 3)")
        }
        if let room { require(.room(room), "m.room_id =") }
        if let since { require(.time(since), "m.created_at >=") }
        if besidesDirect { conditions.append("r.kind <> 'direct'") }
        let sql = """
            SELECT \(RoomReference.Column.list()), m.id, m.seq FROM messages m JOIN rooms r ON r.id = m.room_id
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY \(key) LIMIT \(Limits.sweepBatch)
            """
        return try await driver.read { [narrowing] session throws(ChatError) in
            let last = try Self.end(of: room, session)
            guard position < last else { return FoundMessages(places: [], next: nil) }
            let end = last - max(0, position) > Limits.sweepScan ? max(0, position) + Limits.sweepScan : last
            let places = try session.query(
                sql, [.user(author), .integer(position), .integer(end)] + narrowing
            ).map { row throws(ChatError) in
                let numbers = row.after(RoomReference.Column.self)
                return FoundMessages.Place(
                    id: try numbers.integer(0), room: try RoomReference(row), seq: try numbers.integer(1))
            }
            guard places.count == Limits.sweepBatch, let final = places.last else {
                return FoundMessages(places: places, next: end < last ? end : nil)
            }
            return FoundMessages(places: places, next: room == nil ? final.id : final.seq)
        }
    }

    package func deleteMessages(_ ids: [Int64], at moment: Timestamp, act: Act) async throws(ChatError) -> Int {
        try await perform(act, at: moment) { [dialect = driver.dialect] session throws(ChatError) in
            let changed = try session.execute(
                """
                UPDATE messages SET body = '', deleted_at = $1
                WHERE \(dialect.isListed("id", "$2")) AND deleted_at IS NULL
                """, [.time(moment), dialect.list(ids)])
            if changed > 0 { try session.record(act, at: moment) }
            return changed
        }
    }

    /// The last `seq` of a room, or the last `id` of all.
    private static func end(of room: RoomID?, _ session: any SQLSession) throws(ChatError) -> Int64 {
        let rows =
            if let room {
                try session.query("SELECT last_seq FROM rooms WHERE id = $1", [.room(room)])
            } else {
                try session.query("SELECT COALESCE(MAX(id), 0) FROM messages", [])
            }
        return try rows.first?.integer(0) ?? 0
    }
}
