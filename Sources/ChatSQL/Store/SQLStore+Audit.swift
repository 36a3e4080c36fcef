import ChatCore

extension SQLStore: AuditStore {
    package func audit(limit: Int) async throws(ChatError) -> [AuditEntry] {
        try await driver.read { session throws(ChatError) in
            try session.query(
                "SELECT \(AuditEntry.Column.list()) FROM audit ORDER BY id DESC LIMIT $1",
                [.count(max(0, limit))]
            ).reversed().map { row throws(ChatError) in try AuditEntry(row) }
        }
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

extension SQLSession {
    /// Writes an act to the audit log and its events to the bus, in the transaction that performs it.
    func record(_ act: Act?, at moment: Timestamp) throws(ChatError) {
        guard let act else { return }
        try execute(
            "INSERT INTO audit (at, actor, action, target, detail) VALUES ($1, $2, $3, $4, $5)",
            [.time(moment), .text(act.actor), .text(act.action), .text(act.target), .text(act.detail)])
        if !act.events.isEmpty { try signal(act.events, at: moment) }
    }

    /// Checks the caller at the beginning of the transaction that performs an act: rights may have ended since the request
    /// began.
    ///
    /// - Throws: `unauthenticated`, `disabled`, `notAllowed`.
    func requireStanding(of act: Act?, at moment: Timestamp) throws(ChatError) {
        guard let caller = act?.caller, !caller.isOperator, let user = caller.user else { return }
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
}
