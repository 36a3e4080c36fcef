import ChatCore
import HTTPTypes
import Hummingbird
import Logging

/// The request boundary: turns every error into an error body as documented in docs/protocol.md.
struct ErrorBodies: Sendable {
    private let chat: Chat
    private let page: HTTPRouter.ErrorPage?

    init(chat: Chat, page: HTTPRouter.ErrorPage?) {
        self.chat = chat
        self.page = page
    }

    func answer(
        to request: Request, _ context: HTTPContext, _ next: (Request, HTTPContext) async throws -> Response
    ) async -> Response {
        let response = await outcome(of: request, context, next)
        // An answer to HEAD has no body, an error neither (RFC 9110 §9.3.2).
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func outcome(
        of request: Request, _ context: HTTPContext, _ next: (Request, HTTPContext) async throws -> Response
    ) async -> Response {
        do {
            return try await next(request, context)
        } catch let error as ChatError {
            if error.code == .fault { context.logger.error("fault", metadata: ["error": "\(error.message)"]) }
            return refusal(error, request)
        } catch {
            context.logger.error("fault", metadata: ["error": "\(error)"])
            return refusal(ChatError(.fault, "request: an unexpected fault of the server"), request)
        }
    }

    func refusal(_ error: ChatError, _ request: Request) -> Response {
        chat.report(.refused(error.code))
        return page?(error, request) ?? Response.error(error)
    }
}
