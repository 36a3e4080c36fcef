import ChatCore
import HTTPTypes
import Hummingbird

/// Answers every request: finds its route, authenticates its caller, checks its query, and turns errors into answers.
package struct HTTPRouter: HTTPResponder {
    package typealias Context = HTTPContext

    /// Shows an error to a person; nil where the answer is for a program.
    package typealias ErrorPage = @Sendable (ChatError, Request) -> Response?

    private let chat: Chat
    private let table: RouteTable
    private let boundary: ErrorBodies
    private let authentication: Authentication

    package init(chat: Chat, routes: [Route], cookie: SessionCookie, errorPage: ErrorPage? = nil) {
        self.chat = chat
        table = RouteTable(routes)
        boundary = ErrorBodies(chat: chat, page: errorPage)
        authentication = Authentication(chat: chat, cookie: cookie)
    }

    package func respond(to request: Request, context: HTTPContext) async -> Response {
        await boundary.answer(to: request, context) { try await dispatch($0, $1) }
    }

    private func dispatch(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let (path, query) = Self.split(request.head.path ?? "")
        if path == "*", request.method == .options { return allow(table.methods) }
        guard let segments = RoutePath.segments(of: path) else {
            throw ChatError(.invalidInput, "request: the path is not percent-encoded UTF-8")
        }
        switch table.match(request.method, segments) {
        case .nothing: throw ChatError(.notFound, "\(path.prefix(200)): nothing is here")
        case .otherMethods(let methods) where request.method == .options: return allow(methods)
        case .otherMethods(let methods): return refuse(request, methods)
        case .route(let route, let parameters):
            var context = context
            context.path = parameters
            return try await answer(request, context, query, route)
        }
    }

    private func answer(
        _ request: Request, _ context: HTTPContext, _ query: Substring, _ route: Route
    ) async throws -> Response {
        let respond = { @Sendable (request: Request, context: HTTPContext) async throws -> Response in
            let query = route.takesAnyQuery ? try Query("") : try Query(query)
            try query.require(route.query)
            return try await route.respond(Call(request: request, context: context, query: query))
        }
        guard route.access == .user else { return try await respond(request, context) }
        return try await authentication.handle(request, context: context, next: respond)
    }

    private func allow(_ methods: [HTTPRequest.Method]) -> Response {
        Response(status: .noContent, headers: [.allow: Self.list(methods)])
    }

    private func refuse(_ request: Request, _ methods: [HTTPRequest.Method]) -> Response {
        let list = Self.list(methods)
        var response = boundary.refusal(
            ChatError(
                .methodNotAllowed, "\(request.method.rawValue.prefix(20)): not a method of this address",
                hint: "use one of \(list)"), request)
        response.headers[.allow] = list
        return response
    }

    private static func list(_ methods: [HTTPRequest.Method]) -> String {
        methods.map(\.rawValue).joined(separator: ", ")
    }

    private static func split(_ target: String) -> (path: Substring, query: Substring) {
        let target = target.prefix { $0 != "#" }
        let path = target.prefix { $0 != "?" }
        return (path, target.dropFirst(path.count + 1))
    }
}
