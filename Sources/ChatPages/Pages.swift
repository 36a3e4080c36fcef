import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird

/// What all pages share: the core, the templates, the assets, and how a page is made of them.
package struct Pages: Sendable {
    let chat: Chat
    let settings: PageSettings
    let templates: Templates
    let assets = Assets()

    /// - Throws: `fault` for a broken template.
    package init(_ chat: Chat, _ settings: PageSettings) throws(ChatError) {
        self.chat = chat
        self.settings = settings
        templates = try Templates()
    }

    /// All routes of the pages.
    package var routes: [Route] {
        AssetPages(pages: self).routes + SessionPages(pages: self).routes + SignUpPages(pages: self).routes
            + ChatRoomPages(pages: self).routes + PersonPages(pages: self).routes + ProfilePages(pages: self).routes
            + SearchPages(pages: self).routes + AdminPages(pages: self).routes
    }

    var cookie: SessionCookie { SessionCookie(usesTLS: settings.usesTLS) }

    // MARK: Making a page

    /// A page made of a template.
    ///
    /// - Parameters:
    ///   - title: of the browser's tab.
    ///   - visitor: nil if nobody is logged in.
    func page(
        _ template: String, _ title: String, _ visitor: Visitor?, _ values: PageValues = [:],
        status: HTTPResponse.Status = .ok
    ) throws(ChatError) -> Response {
        var all = values
        all["title"] = .text(title)
        all["styleURL"] = .text(assets.style.url)
        all["iconURL"] = .text(assets.icon.url)
        all["signUpIsOpen"] = .flag(settings.signUp == .open)
        if let visitor {
            all["csrf"] = .text(visitor.csrf)
            all["username"] = .text(visitor.user.username.text)
            all["displayName"] = .text(visitor.user.displayName)
            all["isAdmin"] = .flag(visitor.user.isAdmin)
            all["isLoggedIn"] = true
        }
        return .html(status, try templates.render(template, all))
    }

    /// An error as a page in plain words.
    func errorPage(_ error: ChatError, _ visitor: Visitor?) -> Response {
        let words = PageWords(error)
        let values: PageValues = [
            "heading": .text(words.heading), "message": .text(words.message), "hint": .text(words.hint),
            "status": .number(Int64(words.status.code)),
        ]
        let made = try? page("error", words.heading, visitor, values, status: words.status)
        var response = made ?? Response.error(error)
        if let wait = error.retryAfter {
            response.headers[.retryAfter] = String(max(1, (wait.milliseconds + 999) / 1_000))
        }
        return response
    }

    /// An error of a request that a person's browser sent; nil where it is for a program.
    package func errorPage(_ error: ChatError, for request: Request) -> Response? {
        let path = request.head.path ?? ""
        let isForPrograms = ["/api/", "/hooks/", "/health/", "/metrics", "/ws"].contains { path.hasPrefix($0) }
        guard !isForPrograms, request.headers[.accept]?.contains("text/html") == true else { return nil }
        return errorPage(error, nil)
    }
}

/// How the pages of a server are to be.
package struct PageSettings: Sendable {
    package var usesTLS = false
    package var proxies = TrustedProxies()
    package var signUp = SignUpPolicy.open

    package init() {}
}
