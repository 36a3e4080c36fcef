/// An administrative act, written to the audit log in the transaction that performs it.
package struct Act: Sendable {
    package let actor: String
    /// A noun and a verb, such as `room.kick`.
    package let action: String
    package let target: String
    package let detail: String

    package init(_ action: String, by caller: Caller, on target: String, detail: String = "") {
        self.actor = caller.auditName
        self.action = action
        self.target = target
        self.detail = detail
    }
}

/// An act as stored in the audit log.
package struct AuditEntry: Sendable, Equatable {
    package let id: Int64
    package let at: Timestamp
    package let actor: String
    package let action: String
    package let target: String
    package let detail: String

    package init(id: Int64, at: Timestamp, actor: String, action: String, target: String, detail: String) {
        self.id = id
        self.at = at
        self.actor = actor
        self.action = action
        self.target = target
        self.detail = detail
    }
}

/// Read access to the audit log; acts are written by the store methods that perform them.
package protocol AuditStore: Sendable {
    /// The newest `limit` acts, oldest first.
    func audit(limit: Int) async throws(ChatError) -> [AuditEntry]
}
