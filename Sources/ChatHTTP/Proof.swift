import HTTPTypes

/// The credentials that a request carries.
package enum Proof: Equatable, Sendable {
    case bearer(String)
    case cookie(String)
    case none

    /// The name of the session cookie.
    package static let cookieName = "chatctl_session"

    package init(headers: HTTPFields) {
        self.init(authorization: headers[.authorization], cookies: headers[values: .cookie])
    }

    /// Parses the `Authorization` header (RFC 6750 §2.1) and the `Cookie` headers (RFC 6265 §4.2); a bearer token takes
    /// precedence over a cookie.
    package init(authorization: String?, cookies: [String]) {
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

    package var token: String? {
        switch self {
        case .bearer(let token), .cookie(let token): token
        case .none: nil
        }
    }
}
