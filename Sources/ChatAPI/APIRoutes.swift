import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird

/// All routes of the JSON API and the health checks (docs/protocol.md, "HTTP").
package enum APIRoutes {
    /// Builds the router for all routes.
    ///
    /// - Parameters:
    ///   - usesTLS: true marks cookies `Secure`.
    ///   - proxies: are believed about where a log-in came from.
    package static func router(
        _ chat: Chat, usesTLS: Bool, proxies: TrustedProxies = TrustedProxies()
    ) -> HTTPRouter {
        HTTPRouter(
            chat: chat, routes: routes(chat, usesTLS: usesTLS, proxies: proxies),
            cookie: SessionCookie(usesTLS: usesTLS))
    }

    /// Every route, with the one that describes them all.
    package static func routes(_ chat: Chat, usesTLS: Bool, proxies: TrustedProxies) -> [Route] {
        let routes =
            HealthRoutes(chat: chat).routes
            + AccountRoutes(chat: chat, cookie: SessionCookie(usesTLS: usesTLS), proxies: proxies).routes
            + RoomRoutes(chat: chat).routes + MemberRoutes(chat: chat).routes + MessageRoutes(chat: chat).routes
            + AuditRoutes(chat: chat).routes + InvitationRoutes(chat: chat).routes
        let described = routes + [DocumentRoute.route(of: [])]
        return routes + [DocumentRoute.route(of: OpenAPI.document(of: described))]
    }
}

/// The parameters of lists.
extension QueryParameter {
    static let pageLimit = QueryParameter(
        "limit", .number(1...Int64(Limits.listPage)), "How many at most; \(Limits.listPage) without it.")
    static let afterRoom = QueryParameter("after", .roomName, "Only rooms whose names come after this one.")
    static let afterID = QueryParameter("after", .count, "Only items whose ids are above this one.")
    static let afterUser = QueryParameter("after", .username, "Only users whose names come after this one.")
}

extension Call {
    /// The part of a list of users that the query asks for, and one item more, which tells whether there are more.
    func userPage() throws(ChatError) -> ListPage<Username> {
        let after = try query["after"].map { text throws(ChatError) in try Username(text) }
        return ListPage(after: after, most: pageLimit + 1)
    }

    /// The same of a list of rooms.
    func roomPage() throws(ChatError) -> ListPage<RoomName> {
        let after = try query["after"].map { text throws(ChatError) in try RoomName(text) }
        return ListPage(after: after, most: pageLimit + 1)
    }

    var pageLimit: Int { Int(query.number("limit") ?? Int64(Limits.listPage)) }
}

extension Query {
    /// A parameter as a moment; nil if absent.
    ///
    /// - Throws: `invalidInput` for what is not RFC 3339 with date and time: a date alone would be midnight somewhere.
    func moment(_ name: String) throws(ChatError) -> Timestamp? {
        guard let text = self[name] else { return nil }
        guard text.utf8.count > "2026-11-23".utf8.count, let moment = Timestamp(rfc3339: text) else {
            throw ChatError(.invalidInput, "\(name): not RFC 3339", fields: [name: ["Use RFC 3339."]])
        }
        return moment
    }
}
