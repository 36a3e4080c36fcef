import ChatCore

extension SQLStore: ChangeStore {
    package func changes(since moment: Timestamp, limit: Int) async throws(ChatError) -> Changes {
        let arguments: [SQLValue] = [.time(moment), .count(limit)]
        return try await driver.read { session throws(ChatError) in
            let rooms = try session.query(
                "SELECT id FROM rooms WHERE changed_at >= $1 ORDER BY changed_at DESC LIMIT $2", arguments
            ).map { row throws(ChatError) in RoomID(try row.integer(0)) }
            let edited = try Self.changed(
                "m.edited_at >= $1 AND m.deleted_at IS NULL ORDER BY m.edited_at", arguments, session)
            let deleted = try Self.changed("m.deleted_at >= $1 ORDER BY m.deleted_at", arguments, session)
            return Changes(rooms: rooms.reversed(), messages: edited.reversed() + deleted.reversed())
        }
    }

    private static func changed(
        _ condition: String, _ arguments: [SQLValue], _ session: any SQLSession
    ) throws(ChatError) -> [MessageChange] {
        let sql = """
            SELECT \(RoomReference.Column.list()), m.seq, m.deleted_at FROM messages m JOIN rooms r ON r.id = m.room_id
            WHERE \(condition) DESC LIMIT $2
            """
        return try session.query(sql, arguments).map { row throws(ChatError) in
            let rest = row.after(RoomReference.Column.self)
            return MessageChange(
                room: try RoomReference(row), seq: try rest.integer(0), isDeletion: !rest.isNull(1))
        }
    }
}
