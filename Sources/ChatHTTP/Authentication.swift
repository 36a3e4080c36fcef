import ChatCore
import HTTPTypes
import Hummingbird
import NIOCore

/// Authenticates requests by a bearer token or else the session cookie, which for writes also needs its CSRF token.
struct Authentication: Sendable {
    private let chat: Chat
    private let cookie: SessionCookie

    init(chat: Chat, cookie: SessionCookie) {
        self.chat = chat
        self.cookie = cookie
    }

    func handle(
        _ request: Request, context: HTTPContext, next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        var (request, context) = (request, context)
        let proof = Proof(headers: request.headers, cookie: cookie)
        let revision = chat.rightsRevision
        if let token = proof.token {
            context.credential = try await chat.authenticate(token: token)
        }
        if case .cookie(let token) = proof, !Self.isRead(request.method) {
            guard request.headers[.csrfToken] == chat.csrfToken(of: token) else {
                throw ChatError(
                    .notAllowed, "request: the CSRF token is missing or wrong",
                    hint: "send the page's token in X-CSRF-Token")
            }
        }
        if !Self.isRead(request.method) {
            // Nobody's body is not waited for.
            _ = try context.requireCredential()
            request.body = RequestBody(buffer: try await request.wholeBody(context))
            // Rights may have ended while the body came.
            if let token = proof.token, chat.rightsRevision != revision {
                context.credential = try await chat.authenticate(token: token)
            }
        }
        return try await next(request, context)
    }

    private static func isRead(_ method: HTTPRequest.Method) -> Bool {
        method == .get || method == .head || method == .options
    }
}

extension HTTPField.Name {
    /// The chain of addresses that proxies report; the literal is a valid header name.
    package static var xForwardedFor: Self { .init("X-Forwarded-For") ?? .cookie }
    /// The header that carries a page's CSRF token; the literal is a valid header name.
    package static var csrfToken: Self { .init("X-CSRF-Token") ?? .cookie }
}
