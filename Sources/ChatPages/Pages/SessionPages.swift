import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird

/// The first page, log-in and log-out.
struct SessionPages: Sendable {
    let pages: Pages

    var routes: [Route] {
        [
            pages.open("/") { _, visitor in
                guard visitor == nil else { return .seeOther(LocalPath.chat) }
                return try pages.page("home", "Chat", nil)
            },
            pages.open("/login") { call, visitor in
                let next = call.pageQuery["next"].flatMap { LocalPath($0) }
                guard visitor == nil else { return .seeOther(next?.text ?? LocalPath.chat) }
                return try show(call, next: next)
            },
            pages.route(.post, "/login") { call in
                try await logIn(call)
            },
            pages.form("/logout") { _, visitor, _ in
                try await pages.chat.logOut(visitor.credential)
                var response = Response.seeOther("/login")
                response.headers[.setCookie] = pages.cookie.header("", seconds: 0)
                return response
            },
        ]
    }

    private func show(
        _ call: Call, next: LocalPath?, username: String = "", error: ChatError? = nil
    ) throws(ChatError) -> Response {
        let token = try FormToken(call, pages)
        let values: PageValues = [
            "csrf": .text(token.csrf), "next": .text(next?.text), "name": .text(username),
            "error": .text(error.map(PageWords.reason)),
        ]
        let status = error?.code.status ?? .ok
        // The page of a wrong password is no challenge to a program.
        return token.set(
            on: try pages.page("login", "Log in", nil, values, status: status == .unauthorized ? .forbidden : status))
    }

    private func logIn(_ call: Call) async throws -> Response {
        let form: Form
        do throws(ChatError) {
            form = Form(try await call.form())
            try FormToken.check(call, form, pages)
        } catch {
            return pages.errorPage(error, nil)
        }
        let next = LocalPath(form["next"])
        do {
            let wrong = ChatError(.unauthenticated, "the username or the password is wrong")
            let (name, address) = (try? Username(form.trimmed("username")), pages.address(of: call))
            guard let name else { throw wrong }
            let issued: IssuedToken
            do throws(ChatError) {
                issued = try await pages.chat.logIn(name, password: form["password"], from: address).token
            } catch {
                throw error.code == .unauthenticated ? wrong : error
            }
            return try await begin(issued, call, next?.text ?? LocalPath.chat)
        } catch let error as ChatError {
            pages.chat.report(.refused(error.code))
            return try show(call, next: next, username: form.trimmed("username"), error: error)
        }
    }

    /// Sends the browser on with the cookie of a new session; the one it had ends, whoever's it was.
    private func begin(_ issued: IssuedToken, _ call: Call, _ path: String) async throws -> Response {
        if let old = try await call.visitor(pages.chat, pages.cookie) { try await pages.chat.logOut(old.credential) }
        return pages.begin(issued, path)
    }
}

extension Pages {
    /// Sends the browser on with the cookie of a new session.
    func begin(_ issued: IssuedToken, _ path: String) -> Response {
        var response = Response.seeOther(path)
        response.headers[.setCookie] = cookie.header(issued.secret, seconds: Limits.sessionLife.components.seconds)
        return response
    }
}
