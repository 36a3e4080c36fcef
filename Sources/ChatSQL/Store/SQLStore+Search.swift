import ChatCore

extension SQLStore {
    package func search(
        _ text: String, in room: RoomID?, before: Int64?, visibleTo user: User?, limit: Int, at moment: Timestamp
    ) async throws(ChatError) -> [Message] {
        var conditions = [driver.dialect.holds(driver.dialect.lowered("m.body"), "$1"), "m.deleted_at IS NULL"]
        var arguments: [SQLValue] = [.text(text.lowercased())]
        if let room {
            arguments.append(.room(room))
            conditions.append("m.room_id = $\(arguments.count)")
        }
        if let before {
            arguments.append(.integer(before))
            conditions.append("m.id < $\(arguments.count)")
        }
        if let user {
            conditions.append(Self.readable(by: user, at: moment, &arguments))
        }
        arguments.append(.count(max(0, min(limit, Limits.searchHits))))
        // Within a room, `seq` and ids have the same order, and `seq` has an index.
        let sql = """
            \(SQL.messagesWithRoom) WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(room == nil ? "m.id" : "m.seq") DESC LIMIT $\(arguments.count)
            """
        return try await driver.search(within: Limits.searchTime) { [arguments] session throws(ChatError) in
            try session.query(sql, arguments).reversed().map { row throws(ChatError) in try Message(row) }
        }
    }

    /// ``RoomAccess/requireReading()`` as an SQL condition, with its arguments appended.
    private static func readable(by user: User, at moment: Timestamp, _ arguments: inout [SQLValue]) -> String {
        arguments.append(.user(user.id))
        let id = "$\(arguments.count)"
        let isMember = "EXISTS (SELECT 1 FROM memberships v WHERE v.room_id = r.id AND v.user_id = \(id))"
        if user.isAdmin { return "(r.kind <> 'direct' OR \(isMember))" }
        arguments.append(.time(moment))
        return """
            (r.kind = 'public' OR \(isMember)) AND NOT EXISTS (
                SELECT 1 FROM restrictions x WHERE x.room_id = r.id AND x.user_id = \(id) AND x.kind = 'ban'
                    AND (x.until IS NULL OR x.until > $\(arguments.count)))
            """
    }
}
