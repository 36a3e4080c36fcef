import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird

/// What administrators see and do with a mouse: users, rooms, invitations and the audit log. Who may do it is decided by
/// the use cases; for everybody else these pages do not exist.
struct AdminPages: Sendable {
    let pages: Pages

    /// Rows on one page.
    static let shown = 100

    var routes: [Route] {
        [
            page("/admin") { call, visitor in try await users(call, visitor) },
            form("/admin/users/{user}", changeUser),
            page("/admin/audit", audit),
        ] + AdminRoomPages(admin: self).routes + AdminInvitationPages(admin: self).routes
    }

    // MARK: Only for administrators

    func page(
        _ path: RoutePath, _ respond: @escaping @Sendable (Call, Visitor) async throws -> Response
    ) -> Route {
        pages.page(path) { call, visitor in
            try Self.require(visitor)
            return try await respond(call, visitor)
        }
    }

    func form(
        _ path: RoutePath, _ respond: @escaping @Sendable (Call, Visitor, Form) async throws -> Response
    ) -> Route {
        pages.form(path) { call, visitor, form in
            try Self.require(visitor)
            return try await respond(call, visitor, form)
        }
    }

    private static func require(_ visitor: Visitor) throws(ChatError) {
        guard visitor.user.isAdmin else { throw ChatError(.notAllowed, "this page is for administrators") }
    }

    // MARK: Users

    private func users(_ call: Call, _ visitor: Visitor, error: ChatError? = nil) async throws -> Response {
        let service = pages.service(visitor)
        let query = call.pageQuery
        let wanted = query["name"].flatMap { try? Username($0) }
        let after = query["after"].flatMap { try? Username($0) }
        var users: [User]
        if let wanted {
            users = (try? await service.user(named: wanted)).map { [$0] } ?? []
        } else {
            users = try await service.users(ListPage(after: after, most: Self.shown + 1))
        }
        let more = users.count > Self.shown
        users = Array(users.prefix(Self.shown))
        let values: PageValues = [
            "users": .list(users.map { shown($0, visitor) }), "name": .text(query["name"] ?? ""),
            "isEmpty": .flag(users.isEmpty), "error": .text(error.map(PageWords.reason)),
            "more": more ? .text(users.last.map { "/admin?after=\(PercentCoding.encoded($0.username.text))" }) : .none,
            "onUsers": true,
        ]
        return try pages.page("admin", "Users", visitor, values, status: error?.code.status ?? .ok)
    }

    private func shown(_ user: User, _ visitor: Visitor) -> PageValues {
        [
            "user": .text(user.username.text), "userName": .text(user.displayName),
            "isAdministrator": .flag(user.isAdmin), "isDisabled": .flag(user.isDisabled),
            "isSelf": .flag(user.id == visitor.user.id), "since": .text(String(user.createdAt.rfc3339.prefix(10))),
        ]
    }

    @Sendable private func changeUser(_ call: Call, _ visitor: Visitor, _ form: Form) async throws -> Response {
        let (service, name) = (pages.service(visitor), try call.context.username())
        switch form["act"] {
        case "disable": _ = try await service.updateUser(name, UserChange(disabled: true))
        case "enable": _ = try await service.updateUser(name, UserChange(disabled: false))
        case "promote": _ = try await service.updateUser(name, UserChange(role: .admin))
        case "demote": _ = try await service.updateUser(name, UserChange(role: .user))
        case "delete" where form["sure"] == "yes": try await service.deleteUser(name)
        case "delete": throw ChatError(.invalidInput, "tick the box beside the button to delete \(name)")
        default: throw Self.unknownAct
        }
        return .seeOther("/admin")
    }

    static var unknownAct: ChatError { ChatError(.invalidInput, "form: this cannot be done here") }

    // MARK: Audit

    @Sendable private func audit(_ call: Call, _ visitor: Visitor) async throws -> Response {
        let query = call.pageQuery
        let filter = AuditFilter(
            actor: query["actor"].flatMap { $0.isEmpty ? nil : $0 },
            target: query["target"].flatMap { $0.isEmpty ? nil : $0 })
        let range = query.number("before").map { AuditRange.before($0) } ?? .latest
        let found = try await pages.service(visitor).audit(filter, range, limit: Self.shown + 1)
        let entries = found.suffix(Self.shown)
        var values: PageValues = [
            "entries": .list(
                entries.reversed().map { entry in
                    [
                        "minute": .text(PageTime.minute(entry.at)), "time": .text(entry.at.rfc3339),
                        "actor": .text(entry.actor), "action": .text(entry.action), "target": .text(entry.target),
                        "detail": .text(entry.detail),
                    ]
                }),
            "actor": .text(query["actor"] ?? ""), "target": .text(query["target"] ?? ""),
            "isEmpty": .flag(entries.isEmpty), "onAudit": true,
        ]
        if found.count > Self.shown, let oldest = entries.first {
            let fields = [("actor", query["actor"] ?? ""), ("target", query["target"] ?? "")]
            let rest = fields.map { "\($0)=\(PercentCoding.encoded($1))" } + ["before=\(oldest.id)"]
            values["more"] = .text("/admin/audit?\(rest.joined(separator: "&"))")
        }
        return try pages.page("admin-audit", "Audit log", visitor, values)
    }
}
