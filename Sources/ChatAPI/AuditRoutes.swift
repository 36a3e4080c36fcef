import ChatCore
import ChatHTTP
import ChatWire
import Hummingbird

/// The audit log.
struct AuditRoutes {
    let chat: Chat

    private static let actor = QueryParameter("actor", text, "Only acts of this user.")
    private static let target = QueryParameter("target", text, "Only acts on this user, room or message.")
    private static let text = Schema.freeText(upTo: Limits.auditTextCharacters)
    private static let since = QueryParameter("since", .time, "Only acts from this time on.")
    private static let before = QueryParameter(
        "before", .count, "Only acts with an id below this one, the newest of them; not with after.")

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/audit", "Lists administrative acts, for administrators",
                query: [Self.actor, Self.target, Self.since, .pageLimit, .afterID, Self.before],
                answers: [
                    .page("Acts, oldest first; with before, the next page has older ones.", of: .auditEntry)
                ], respond: list)
        ]
    }

    @Sendable private func list(_ call: Call) async throws -> Response {
        let (query, limit) = (call.query, call.pageLimit)
        let filter = AuditFilter(
            actor: query["actor"], target: query["target"], since: try query.moment("since"))
        let service = try chat.service(of: call.context)
        guard let before = query.number("before") else {
            let acts = try await service.audit(filter, .after(query.number("after") ?? 0), limit: limit + 1)
            return call.page(acts, limit: limit, key: { String($0.id) }) { $0.auditEntry($1) }
        }
        guard query["after"] == nil else {
            throw ChatError(
                .invalidInput, "query: before and after exclude each other",
                fields: ["before": ["Use only one of before and after."]])
        }
        let acts = try await service.audit(filter, .before(before), limit: limit + 1)
        let older = acts.count > limit ? acts.suffix(limit).first.map { String($0.id) } : nil
        return call.page(Array(acts.suffix(limit)), before: older) { $0.auditEntry($1) }
    }
}
