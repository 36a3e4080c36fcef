/// The part of the audit log to read.
package enum AuditRange: Sendable, Equatable {
    /// Acts with a greater id; the limit keeps the oldest.
    case after(Int64)
    /// Acts with a smaller id; the limit keeps the newest.
    case before(Int64)

    /// The newest acts.
    package static let latest = AuditRange.before(.max)
}

/// Selects acts of the audit log.
package struct AuditFilter: Sendable, Equatable {
    /// Only acts of this user or operator.
    package var actor: String?
    /// Only acts on this user or room, or on messages of this room.
    package var target: String?
    /// Only acts at or after this moment.
    package var since: Timestamp?

    package init(actor: String? = nil, target: String? = nil, since: Timestamp? = nil) {
        self.actor = actor
        self.target = target
        self.since = since
    }
}

/// Use cases on the audit log, in this process or on a server.
package protocol AuditService: Sendable {
    /// Returns at most `limit` acts, oldest first; for administrators.
    func audit(_ filter: AuditFilter, _ range: AuditRange, limit: Int) async throws(ChatError) -> [AuditEntry]
}

/// Read access to the audit log; acts are written by the store methods that perform them.
package protocol AuditStore: Sendable {
    /// Returns at most `limit` acts, oldest first.
    func audit(_ filter: AuditFilter, _ range: AuditRange, limit: Int) async throws(ChatError) -> [AuditEntry]
}

extension AuditStore {
    /// The newest `limit` acts, oldest first.
    package func audit(limit: Int) async throws(ChatError) -> [AuditEntry] {
        try await audit(AuditFilter(), .latest, limit: limit)
    }
}

extension LocalChat: AuditService {
    package func audit(
        _ filter: AuditFilter, _ range: AuditRange, limit: Int
    ) async throws(ChatError) -> [AuditEntry] {
        try caller.requireAdministrator(for: "reading the audit log")
        for (field, text) in [("actor", filter.actor), ("target", filter.target)] {
            guard let text else { continue }
            _ = try FreeText.validated(text, field: field, longest: Limits.auditTextCharacters)
        }
        return try await store.audit(filter, range, limit: limit)
    }
}
