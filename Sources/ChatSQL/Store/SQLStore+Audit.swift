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
    /// Writes an act to the audit log, in the transaction that performs it.
    func record(_ act: Act?, at moment: Timestamp) throws(ChatError) {
        guard let act else { return }
        try execute(
            "INSERT INTO audit (at, actor, action, target, detail) VALUES ($1, $2, $3, $4, $5)",
            [.time(moment), .text(act.actor), .text(act.action), .text(act.target), .text(act.detail)])
    }
}
