/// An administrative act. The transaction that performs it checks its caller once more, writes it to the audit log, and
/// tells the other processes of its events: an act that was stored takes effect even if this process dies right after.
package struct Act: Sendable {
    package let caller: Caller
    /// A noun and a verb, such as `room.kick`.
    package let action: String
    package let target: String
    package let detail: String
    /// What live connections, here and elsewhere, must see at once.
    package let events: [Event]

    package init(
        _ action: String, by caller: Caller, on target: String, detail: String = "", events: [Event] = []
    ) {
        self.caller = caller
        self.action = action
        self.target = target
        self.detail = detail
        self.events = events
    }

    /// The name in the audit log.
    package var actor: String { caller.auditName }
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
