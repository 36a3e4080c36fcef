import ChatCore
import HTTPTypes
import Hummingbird
import NIOCore

/// Whoever asks for a page with the cookie of a session.
package struct Visitor: Sendable {
    package let credential: Credential
    /// The secret of the session.
    package let token: String
    /// What the forms of the visitor's pages carry.
    package let csrf: String

    package var user: User { credential.user }
}

extension Call {
    /// The values of the request's cookie of that name; nil if there is none.
    package func cookie(_ name: String) -> String? {
        SessionCookie.value(of: name, in: request.headers[values: .cookie])
    }

    /// Who asks, by the session's cookie; nil if nobody is logged in any more. Programs with a bearer token have no pages.
    ///
    /// - Throws: `unavailable`.
    package func visitor(_ chat: Chat, _ cookie: SessionCookie) async throws(ChatError) -> Visitor? {
        guard let token = cookie.value(in: request.headers[values: .cookie]) else { return nil }
        do throws(ChatError) {
            let credential = try await chat.authenticate(token: token)
            guard credential.kind == .session else { return nil }
            return Visitor(credential: credential, token: token, csrf: chat.csrfToken(of: token))
        } catch {
            guard error.code == .unauthenticated || error.code == .disabled else { throw error }
            return nil
        }
    }

    /// The body, of at most `most` bytes, as a client sends it that may be asked for it.
    ///
    /// - Throws: `tooLarge`, `invalidInput`.
    package func bytes(upTo most: Int = Limits.requestBytes) async throws(ChatError) -> ByteBuffer {
        try await request.wholeBody(context, upTo: most)
    }

    /// The fields of a form in the body (`application/x-www-form-urlencoded`).
    ///
    /// - Throws: `tooLarge`; `invalidInput` for what is no such form.
    package func form() async throws(ChatError) -> Query {
        let type = request.headers[.contentType]?.lowercased() ?? ""
        guard type.hasPrefix("application/x-www-form-urlencoded") else {
            throw ChatError(.invalidInput, "request: not a form")
        }
        let text = String(buffer: try await bytes())
        return try Query(text[...])
    }

    /// The query of a page's address. What cannot be read and what nobody knows is passed over: people follow links that
    /// others decorate.
    package var pageQuery: Query {
        let target = request.head.path ?? ""
        let text = target.prefix { $0 != "#" }.drop { $0 != "?" }.dropFirst()
        return (try? Query(text)) ?? Query()
    }
}
