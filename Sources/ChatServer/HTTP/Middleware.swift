import ChatCore
import HTTPTypes
import Hummingbird
import Logging

/// The request boundary: every fault leaves as the contract's error body.
struct ErrorBodies: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as ChatError {
            if error.code == .fault { context.logger.error("fault", metadata: ["error": "\(error.message)"]) }
            return Response.error(error)
        } catch let error as any HTTPResponseError {
            return Response.error(Self.known(error.status, path: request.uri.path))
        } catch {
            context.logger.error("fault", metadata: ["error": "\(error)"])
            return Response.error(ChatError(.fault, "request: an unexpected fault of the server"))
        }
    }

    private static func known(_ status: HTTPResponse.Status, path: String) -> ChatError {
        switch status.code {
        case 404: ChatError(.notFound, "\(path): nothing is here")
        case 413: ChatError(.tooLarge, "request: too large")
        case 400..<500: ChatError(.invalidInput, "request: \(status.reasonPhrase)")
        default: ChatError(.fault, "request: an unexpected fault of the server")
        }
    }
}

/// Finds out who asks: a bearer token, else the session cookie, which on writes needs its CSRF token too.
struct Authentication: RouterMiddleware {
    let chat: Chat

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let proof = Proof(headers: request.headers)
        if let token = proof.token {
            context.credential = try await chat.authenticate(token: token)
        }
        if case .cookie(let token) = proof, !Self.isRead(request.method) {
            guard request.headers[.csrfToken] == chat.secrets.csrfToken(of: token) else {
                throw ChatError(
                    .notAllowed, "request: the CSRF token is missing or wrong",
                    hint: "send the page's token in X-CSRF-Token")
            }
        }
        return try await next(request, context)
    }

    private static func isRead(_ method: HTTPRequest.Method) -> Bool {
        method == .get || method == .head || method == .options
    }
}

/// How a request proves who asks.
enum Proof: Equatable {
    case bearer(String)
    case cookie(String)
    case none

    /// The name of the session cookie.
    static let cookieName = "chatctl_session"

    init(headers: HTTPFields) {
        self.init(authorization: headers[.authorization], cookies: headers[values: .cookie])
    }

    init(authorization: String?, cookies: [String]) {
        if let authorization, authorization.lowercased().hasPrefix("bearer ") {
            self = .bearer(String(authorization.dropFirst(7).drop { $0 == " " }))
            return
        }
        let prefix = Self.cookieName + "="
        let pairs = cookies.joined(separator: ";").split(separator: ";").map { $0.drop { $0 == " " } }
        guard let pair = pairs.first(where: { $0.hasPrefix(prefix) }) else {
            self = .none
            return
        }
        self = .cookie(String(pair.dropFirst(prefix.count)))
    }

    var token: String? {
        switch self {
        case .bearer(let token), .cookie(let token): token
        case .none: nil
        }
    }
}

extension HTTPField.Name {
    /// The header that carries a page's CSRF token; the literal is a valid header name.
    static var csrfToken: Self { .init("X-CSRF-Token") ?? .cookie }
}
