import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird
import NIOCore

/// The fields of a form that somebody sent from one of our pages.
struct Form: Sendable {
    private let fields: Query

    init(_ fields: Query) {
        self.fields = fields
    }

    /// A field as it was sent; empty if it is missing.
    subscript(_ name: String) -> String { fields[name] ?? "" }

    /// A field without white space around it, which keyboards of phones add.
    func trimmed(_ name: String) -> String { String(self[name].trimmingSpace) }

    /// A text of several lines, whose ends browsers send as CR LF.
    func lines(_ name: String) -> String {
        var text = String.UnicodeScalarView()
        var wasReturn = false
        for scalar in self[name].unicodeScalars {
            if scalar == "\n", wasReturn {
                wasReturn = false
                continue
            }
            wasReturn = scalar == "\r"
            text.append(wasReturn ? "\n" : scalar)
        }
        return String(text)
    }
}

extension String {
    fileprivate var trimmingSpace: Substring {
        let isSpace = { (character: Character) in character.isWhitespace }
        let start = self[...].drop(while: isSpace)
        guard let last = start.lastIndex(where: { !isSpace($0) }) else { return "" }
        return start[...last]
    }
}

extension Pages {
    /// A page that everybody may see.
    func open(
        _ path: RoutePath, _ respond: @escaping @Sendable (Call, Visitor?) async throws -> Response
    ) -> Route {
        route(.get, path) { call in
            try await guarded(call) { visitor in try await respond(call, visitor) }
        }
    }

    /// A page for whoever is logged in; others are asked to log in first.
    func page(
        _ path: RoutePath, _ respond: @escaping @Sendable (Call, Visitor) async throws -> Response
    ) -> Route {
        route(.get, path) { call in
            try await guarded(call) { visitor in
                guard let visitor else { return Self.toLogIn(call) }
                return try await respond(call, visitor)
            }
        }
    }

    /// A form of a page that whoever is logged in sends; its CSRF token is checked here.
    func form(
        _ path: RoutePath, _ respond: @escaping @Sendable (Call, Visitor, Form) async throws -> Response
    ) -> Route {
        route(.post, path) { call in
            try await guarded(call) { visitor in
                // Nobody's body is not waited for.
                guard visitor != nil else { return Self.toLogIn(call) }
                let form = Form(try await call.form())
                // Rights may have ended while the body came.
                guard let visitor = try await call.visitor(chat, cookie) else { return Self.toLogIn(call) }
                guard form["csrf"] == visitor.csrf else { throw ChatError.staleForm }
                return try await respond(call, visitor, form)
            }
        }
    }

    /// A form with one file of at most `most` bytes that whoever is logged in sends; its CSRF token is checked here.
    func upload(
        _ path: RoutePath, upTo most: Int,
        _ respond: @escaping @Sendable (Visitor, MultipartForm) async throws -> Response
    ) -> Route {
        route(.post, path) { call in
            try await guarded(call) { visitor in
                guard visitor != nil else { return Self.toLogIn(call) }
                // The file, and what stands round it.
                let body = try await call.bytes(upTo: most + 4_096)
                let type = call.request.headers[.contentType] ?? ""
                let form = try MultipartForm(Array(buffer: body), type: type)
                guard let visitor = try await call.visitor(chat, cookie) else { return Self.toLogIn(call) }
                guard form["csrf"] == visitor.csrf else { throw ChatError.staleForm }
                return try await respond(visitor, form)
            }
        }
    }

    func route(
        _ method: HTTPRequest.Method, _ path: RoutePath,
        _ respond: @escaping @Sendable (Call) async throws -> Response
    ) -> Route {
        Route(method, path, "A page", access: .anyone, takesAnyQuery: true, answers: [], respond: respond)
    }

    /// Finds out who asks, and shows errors as pages.
    private func guarded(
        _ call: Call, _ respond: (Visitor?) async throws -> Response
    ) async throws -> Response {
        var visitor: Visitor?
        do {
            visitor = try await call.visitor(chat, cookie)
            return try await respond(visitor)
        } catch let error as ChatError where error.code != .fault {
            chat.report(.refused(error.code))
            return errorPage(error, visitor)
        }
    }

    private static func toLogIn(_ call: Call) -> Response {
        let isRead = call.request.method == .get || call.request.method == .head
        guard isRead, let next = LocalPath(call.request.head.path ?? ""), next.text != "/chat" else {
            return .seeOther("/login")
        }
        return .seeOther("/login?next=\(PercentCoding.encoded(next.text))")
    }

    /// The use cases in the name of a visitor.
    func service(_ visitor: Visitor) -> LocalChat { chat.service(for: .user(of: visitor.credential)) }

    /// Where a request came from, for limits.
    func address(of call: Call) -> String {
        settings.proxies.client(
            of: call.context.remoteAddress, forwardedFor: call.request.headers[values: .xForwardedFor])
    }
}

extension ChatError {
    static var staleForm: ChatError {
        ChatError(
            .notAllowed, "form: it is of another session", hint: "go back, load the page again and send it once more")
    }
}
