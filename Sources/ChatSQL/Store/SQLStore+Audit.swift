import ChatCore

extension SQLStore: AuditStore {
    package func audit(
        _ filter: AuditFilter, _ range: AuditRange, limit: Int
    ) async throws(ChatError) -> [AuditEntry] {
        let isBackward: Bool
        let edge: Int64
        switch range {
        case .after(let id): (isBackward, edge) = (false, id)
        case .before(let id): (isBackward, edge) = (true, id)
        }
        var conditions = [isBackward ? "id < $1" : "id > $1"]
        var arguments: [SQLValue] = [.integer(edge)]
        func require(_ value: SQLValue, _ condition: (String) -> String) {
            arguments.append(value)
            conditions.append(condition("$\(arguments.count)"))
        }
        if let actor = filter.actor { require(.text(actor)) { "actor = \($0)" } }
        // The target of an act on a message is its room and its seq.
        if let target = filter.target {
            require(.text(target)) { "(target = \($0) OR substr(target, 1, length(\($0)) + 1) = \($0) || ' ')" }
        }
        if let moment = filter.since { require(.time(moment)) { "at >= \($0)" } }
        arguments.append(.count(max(0, limit)))
        let sql = """
            SELECT \(AuditEntry.Column.list()) FROM audit WHERE \(conditions.joined(separator: " AND "))
            ORDER BY id \(isBackward ? "DESC" : "ASC") LIMIT $\(arguments.count)
            """
        let entries = try await driver.read { [arguments] session throws(ChatError) in
            try session.query(sql, arguments).map { row throws(ChatError) in try AuditEntry(row) }
        }
        return isBackward ? entries.reversed() : entries
    }
}

extension AuditEntry {
    enum Column: Int, SQLColumn {
        case id, at, actor, action, target, detail

        var sql: String {
            switch self {
            case .id: "id"
            case .at: "at"
            case .actor: "actor"
            case .action: "action"
            case .target: "target"
            case .detail: "detail"
            }
        }
    }

    fileprivate init(_ row: SQLRow) throws(ChatError) {
        self.init(
            id: try row.integer(Column.id), at: try row.time(Column.at), actor: try row.text(Column.actor),
            action: try row.text(Column.action), target: try row.text(Column.target),
            detail: try row.text(Column.detail))
    }
}

extension SQLStore {
    /// Runs the transaction of an act, which begins with another check of its caller: rights may have ended since the
    /// request began.
    ///
    /// - Parameter act: nil for what nobody asked for.
    /// - Throws: `unauthenticated`, `disabled`, what the act's rule throws, and what `body` throws.
    @discardableResult
    func perform<Value: Sendable>(
        _ act: Act?, at moment: Timestamp,
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        try await driver.write { [rowLock = driver.dialect.rowLock] session throws(ChatError) in
            if let act {
                try session.requireStanding(of: act.caller, at: moment)
                try session.requireRule(of: act, at: moment, rowLock)
            }
            return try body(session)
        }
    }
}

extension SQLSession {
    /// Writes an act to the audit log and its events to the bus, in the transaction that performs it.
    func record(_ act: Act?, at moment: Timestamp) throws(ChatError) {
        guard let act else { return }
        try execute(
            "INSERT INTO audit (at, actor, action, target, detail) VALUES ($1, $2, $3, $4, $5)",
            [.time(moment), .text(act.actor), .text(act.action), .text(act.target), .text(act.detail)])
        if !act.events.isEmpty { try signal(act.events, at: moment) }
    }

    /// - Throws: `unauthenticated`, `disabled`, `notAllowed`.
    fileprivate func requireStanding(of caller: Caller, at moment: Timestamp) throws(ChatError) {
        guard !caller.isOperator, let user = caller.user else { return }
        let rows = try query(
            "SELECT role, disabled_at FROM users WHERE id = $1 AND deleted_at IS NULL", [.user(user.id)])
        guard let row = rows.first else { throw .endedToken }
        guard try row.optionalTime(1) == nil else { throw .accountDisabled(user.username) }
        if user.isAdmin, try row.choice(0, of: SiteRole.self) != .admin {
            throw ChatError(.notAllowed, "user \(user.username): no longer an administrator")
        }
        guard let token = caller.tokenID else { return }
        let live = try query(
            "SELECT id FROM tokens WHERE id = $1 AND (expires_at IS NULL OR expires_at > $2)",
            [.integer(token), .time(moment)])
        guard live.first != nil else { throw .endedToken }
    }

    /// Judges the caller's rights in the room, whose row stays locked against changes of its members.
    fileprivate func requireRule(of act: Act, at moment: Timestamp, _ rowLock: String) throws(ChatError) {
        guard let rule = act.rule, !act.caller.isOperator, let user = act.caller.user else { return }
        if !rowLock.isEmpty { _ = try query("SELECT id FROM rooms WHERE id = $1 \(rowLock)", [.room(rule.room)]) }
        let rows = try query("\(SQL.standing) WHERE r.id = $3", [.time(moment), .user(user.id), .room(rule.room)])
        guard let row = rows.first else { throw .goneRoom }
        var other: MemberRole?
        if let id = rule.other { other = try SQLStore.role(of: id, in: rule.room, self) }
        try rule.require(RoomAccess(row), other)
    }
}
