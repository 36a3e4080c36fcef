import ChatCore

extension SQLStore: AuditStore {
    package func audit(limit: Int) async throws(ChatError) -> [AuditEntry] {
        try await driver.read { session throws(ChatError) in
            try session.query(
                "SELECT id, at, actor, action, target, detail FROM audit ORDER BY id DESC LIMIT $1",
                [.count(max(0, limit))]
            ).reversed().map { row throws(ChatError) in
                AuditEntry(
                    id: try row.integer(0), at: try row.time(1), actor: try row.text(2), action: try row.text(3),
                    target: try row.text(4), detail: try row.text(5))
            }
        }
    }
}
