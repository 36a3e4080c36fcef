import ChatCore

extension SQLStore {
    package func search(
        _ text: String, in room: RoomID?, by author: UserID?, before: Int64?, visibleTo user: User?, limit: Int,
        at moment: Timestamp
    ) async throws(ChatError) -> [Message] {
        // Ids begin at 1, and one is taken from this number, which may come from a query.
        var bounds = SearchScan.Bounds(room: room, author: author, before: max(before ?? .max, 0))
        if let user { bounds.visible = Self.readable(by: user, at: moment, &bounds.arguments) }
        let deadline = ContinuousClock.now + Limits.searchTime
        return try await driver.search(within: Limits.searchTime) {
            [bounds, dialect = driver.dialect] session throws(ChatError) in
            var scan = SearchScan(
                session, dialect, for: text, bounds, limit: max(0, min(limit, Limits.searchHits)), deadline: deadline)
            return try scan.run()
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
