import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird

// Forms of people who are not logged in need a token as well: otherwise a page of another host could log its visitors in
// as somebody, and read what they write. It is derived from a cookie that only we can set and no script can read.

/// The cookie and the token of forms that are sent without a session.
struct FormToken: Sendable {
    private static let seconds: Int64 = 3_600
    private static let word = "chatctl_form"

    /// What forms carry.
    let csrf: String
    private let secret: String
    private let cookie: String
    private let usesTLS: Bool

    /// The token of the browser that sent a request; a new one if it has none.
    init(_ call: Call, _ pages: Pages) throws(ChatError) {
        usesTLS = pages.settings.usesTLS
        cookie = SessionCookie.name(Self.word, usesTLS: usesTLS)
        if let known = call.cookie(cookie), Self.isSound(known) {
            secret = known
        } else {
            secret = try pages.chat.newFormSecret()
        }
        csrf = pages.chat.csrfToken(of: secret)
    }

    /// The page with the cookie.
    func set(on response: Response) -> Response {
        var response = response
        response.headers[values: .setCookie].append(
            SessionCookie.header(cookie, secret, seconds: Self.seconds, usesTLS: usesTLS))
        return response
    }

    /// - Throws: `notAllowed` for a form that does not come from a page of ours in this browser.
    static func check(_ call: Call, _ form: Form, _ pages: Pages) throws(ChatError) {
        let name = SessionCookie.name(word, usesTLS: pages.settings.usesTLS)
        guard let secret = call.cookie(name), isSound(secret), form["csrf"] == pages.chat.csrfToken(of: secret) else {
            throw ChatError(
                .notAllowed, "form: it is too old, or your browser takes no cookies",
                hint: "allow cookies for this site, load the page again and send it once more")
        }
    }

    /// Long enough for a secret of ours; what is in a header field is no surprise then.
    private static func isSound(_ text: String) -> Bool {
        (8...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "\"") }
    }
}
