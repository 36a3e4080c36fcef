import ChatCore

// Who came and who went is decided over all nodes, in the transaction that writes the counts. Two nodes that write the
// same user's seats at the same time would each read the other's old row, so writers of presence are serialised by a
// lock on the one row of `installation`, which nothing else locks. A node that stops or restarts first loses its lease
// and is then swept like a dead one: there is one rule of who has left.

extension SQLStore: PresenceStore {
    package func registerNode(
        named name: String, at moment: Timestamp, leaseUntil: Timestamp
    ) async throws(ChatError) -> (node: NodeID, changes: [PresenceChange]) {
        try await driver.write { [dialect = driver.dialect] session throws(ChatError) in
            try Self.lockInstallation(dialect, session)
            try session.execute(
                "UPDATE nodes SET lease_until = $1 WHERE name = $2", [.time(moment), .text(name)])
            let changes = try Self.sweep(at: moment, session)
            let rows = try session.query(
                "INSERT INTO nodes (name, started_at, lease_until) VALUES ($1, $2, $3) RETURNING id",
                [.text(name), .time(moment), .time(leaseUntil)])
            guard let row = rows.first else { throw ChatError(.fault, "node \(name): it was not registered") }
            return (NodeID(try row.integer(0)), changes)
        }
    }

    package func renewLease(of node: NodeID, until: Timestamp) async throws(ChatError) -> Bool {
        try await driver.write { session throws(ChatError) in
            try session.execute(
                "UPDATE nodes SET lease_until = $1 WHERE id = $2", [.time(until), .node(node)]) == 1
        }
    }

    package func sweepNodes(at moment: Timestamp) async throws(ChatError) -> [PresenceChange] {
        // The read takes no write lock and nearly always finds nothing.
        let someoneDied = try await driver.read { session throws(ChatError) in
            !(try session.query("SELECT id FROM nodes WHERE lease_until <= $1", [.time(moment)])).isEmpty
        }
        guard someoneDied else { return [] }
        return try await driver.write { [dialect = driver.dialect] session throws(ChatError) in
            try Self.lockInstallation(dialect, session)
            return try Self.sweep(at: moment, session)
        }
    }

    package func removeNode(_ node: NodeID, at moment: Timestamp) async throws(ChatError) -> [PresenceChange] {
        try await driver.write { [dialect = driver.dialect] session throws(ChatError) in
            try Self.lockInstallation(dialect, session)
            try session.execute(
                "UPDATE nodes SET lease_until = $1 WHERE id = $2", [.time(moment), .node(node)])
            return try Self.sweep(at: moment, session)
        }
    }

    package func writeSeats(
        _ counts: [SeatCount], of node: NodeID, at moment: Timestamp
    ) async throws(ChatError) -> [PresenceChange] {
        guard !counts.isEmpty else { return [] }
        return try await driver.write { [dialect = driver.dialect] session throws(ChatError) in
            try Self.lockInstallation(dialect, session)
            guard !(try session.query("SELECT id FROM nodes WHERE id = $1", [.node(node)])).isEmpty else {
                throw ChatError(.unavailable, "node: its lease has ended", hint: "it registers anew by itself")
            }
            let changes = try Self.changes(by: counts, of: node, at: moment, session)
            try Self.store(counts, of: node, at: moment, session)
            return changes
        }
    }

    package func onlineUsers(in room: RoomID, at moment: Timestamp) async throws(ChatError) -> [OnlineUser] {
        try await driver.read { session throws(ChatError) in
            try session.query(
                """
                SELECT \(OnlineUser.Column.list())
                FROM presence p JOIN nodes n ON n.id = p.node_id JOIN users u ON u.id = p.user_id
                WHERE p.room_id = $1 AND n.lease_until > $2 GROUP BY u.username ORDER BY u.username
                """, [.room(room), .time(moment)]
            ).map { row throws(ChatError) in try OnlineUser(row) }
        }
    }

    package func onlineCounts(in rooms: [RoomID], at moment: Timestamp) async throws(ChatError) -> [RoomID: Int] {
        let sql = """
            SELECT p.room_id, COUNT(DISTINCT p.user_id) FROM presence p JOIN nodes n ON n.id = p.node_id
            WHERE n.lease_until > $1 AND \(driver.dialect.isListed("p.room_id", "$2")) GROUP BY p.room_id
            """
        let list = driver.dialect.list(rooms.map(\.value))
        return try await driver.read { session throws(ChatError) in
            var counts: [RoomID: Int] = [:]
            for row in try session.query(sql, [.time(moment), list]) {
                counts[RoomID(try row.integer(0))] = Int(try row.integer(1))
            }
            return counts
        }
    }

    package func onlineCount(in room: RoomID, at moment: Timestamp) async throws(ChatError) -> Int {
        try await driver.read { session throws(ChatError) in
            let rows = try session.query(
                """
                SELECT COUNT(DISTINCT p.user_id) FROM presence p JOIN nodes n ON n.id = p.node_id
                WHERE p.room_id = $1 AND n.lease_until > $2
                """, [.room(room), .time(moment)])
            return Int(try rows.first?.integer(0) ?? 0)
        }
    }
}

extension SQLStore {
    /// Waits for the other transactions that take this lock: those that write presence, or the search index.
    static func lockInstallation(_ dialect: SQLDialect, _ session: any SQLSession) throws(ChatError) {
        guard !dialect.rowLock.isEmpty else { return }
        _ = try session.query("SELECT epoch FROM installation \(dialect.rowLock)", [])
    }

    /// Removes nodes whose lease has ended, with their seats, and returns who is no longer online on any node.
    private static func sweep(
        at moment: Timestamp, _ session: any SQLSession
    ) throws(ChatError) -> [PresenceChange] {
        let gone = try session.query(
            """
            SELECT DISTINCT \(RoomReference.Column.list()), u.username
            FROM presence p JOIN nodes d ON d.id = p.node_id
                JOIN rooms r ON r.id = p.room_id JOIN users u ON u.id = p.user_id
            WHERE d.lease_until <= $1 AND NOT EXISTS (
                SELECT 1 FROM presence o JOIN nodes n ON n.id = o.node_id
                WHERE o.room_id = p.room_id AND o.user_id = p.user_id AND n.lease_until > $1)
            """, [.time(moment)])
        var changes = PresenceChanges()
        for row in gone { try changes.add(row, joined: false) }
        try session.execute("DELETE FROM nodes WHERE lease_until <= $1", [.time(moment)])
        return changes.sorted
    }

    /// What the counts will change; read before they are written.
    private static func changes(
        by counts: [SeatCount], of node: NodeID, at moment: Timestamp, _ session: any SQLSession
    ) throws(ChatError) -> [PresenceChange] {
        let rows = try session.queryEach(
            """
            SELECT \(RoomReference.Column.list()), \(SeatColumn.list())
            FROM rooms r CROSS JOIN users u WHERE r.id = $3 AND u.id = $4 AND u.deleted_at IS NULL
            """, counts.map { [.node(node), .time(moment), .room($0.seat.room), .user($0.seat.user)] })
        let held = Dictionary(counts.map { ($0.seat, $0.connections) }) { _, last in last }
        var changes = PresenceChanges()
        for row in rows {
            let counted = row.after(RoomReference.Column.self)
            guard try counted.integer(SeatColumn.nodesElsewhere) == 0 else { continue }
            let seat = Seat(
                room: RoomID(try row.integer(RoomReference.Column.id)),
                user: UserID(try counted.integer(SeatColumn.userID)))
            let (was, stays) = (try counted.integer(SeatColumn.nodesHere) > 0, held[seat, default: 0] > 0)
            if was != stays { try changes.add(row, joined: stays) }
        }
        return changes.sorted
    }

    /// Writes the counts, except those of rooms and accounts that no longer exist.
    private static func store(
        _ counts: [SeatCount], of node: NodeID, at moment: Timestamp, _ session: any SQLSession
    ) throws(ChatError) {
        try session.queryEach(
            """
            INSERT INTO presence (room_id, user_id, node_id, connections, since)
            SELECT r.id, u.id, CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT)
            FROM rooms r CROSS JOIN users u WHERE r.id = $4 AND u.id = $5 AND u.deleted_at IS NULL
            ON CONFLICT (room_id, user_id, node_id) DO UPDATE SET connections = excluded.connections
            """,
            counts.filter { $0.connections > 0 }.map {
                [.node(node), .count($0.connections), .time(moment), .room($0.seat.room), .user($0.seat.user)]
            })
        try session.queryEach(
            "DELETE FROM presence WHERE room_id = $1 AND user_id = $2 AND node_id = $3",
            counts.filter { $0.connections <= 0 }.map { [.room($0.seat.room), .user($0.seat.user), .node(node)] })
    }
}

/// The user of a seat and on how many nodes the user was online in the room before: on the node `$1`, and on others
/// with a lease at the time `$2`.
private enum SeatColumn: Int, SQLColumn {
    case username, userID, nodesHere, nodesElsewhere

    var sql: String {
        switch self {
        case .username: "u.username"
        case .userID: "u.id"
        case .nodesHere:
            "(SELECT COUNT(*) FROM presence p WHERE p.room_id = r.id AND p.user_id = u.id AND p.node_id = $1)"
        case .nodesElsewhere:
            """
            (SELECT COUNT(*) FROM presence o JOIN nodes n ON n.id = o.node_id WHERE o.room_id = r.id
                AND o.user_id = u.id AND o.node_id <> $1 AND n.lease_until > $2)
            """
        }
    }
}

extension OnlineUser {
    enum Column: Int, SQLColumn {
        case username, connections, since

        var sql: String {
            switch self {
            case .username: "u.username"
            case .connections: "CAST(SUM(p.connections) AS BIGINT)"
            case .since: "MIN(p.since)"
            }
        }
    }

    fileprivate init(_ row: SQLRow) throws(ChatError) {
        self.init(
            username: Username(stored: try row.text(Column.username)),
            connections: Int(try row.integer(Column.connections)), since: try row.time(Column.since))
    }
}
