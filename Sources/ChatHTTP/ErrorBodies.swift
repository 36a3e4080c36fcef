import ChatCore
import HTTPTypes
import Hummingbird
import Logging

/// The request boundary: turns every error into an error body as documented in docs/protocol.md.
package struct ErrorBodies: RouterMiddleware {
    private let chat: Chat

    package init(chat: Chat) {
        self.chat = chat
    }

    package func handle(
        _ request: Request, context: HTTPContext, next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        let response = await answer(to: request, context, next)
        // An answer to HEAD has no body, an error neither (RFC 9110 §9.3.2).
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(
        to request: Request, _ context: HTTPContext, _ next: (Request, HTTPContext) async throws -> Response
    ) async -> Response {
        do {
            return try await next(request, context)
        } catch let error as ChatError {
            if error.code == .fault { context.logger.error("fault", metadata: ["error": "\(error.message)"]) }
            return refusal(error)
        } catch let error as any HTTPResponseError {
            return refusal(Self.known(error.status, path: request.uri.path))
        } catch {
            context.logger.error("fault", metadata: ["error": "\(error)"])
            return refusal(ChatError(.fault, "request: an unexpected fault of the server"))
        }
    }

    private func refusal(_ error: ChatError) -> Response {
        chat.report(.refused(error.code))
        return Response.error(error)
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
