import HTTPTypes

/// The credentials that a request carries.
package enum Proof: Equatable, Sendable {
    case bearer(String)
    case cookie(String)
    case none

    package init(headers: HTTPFields, cookie: SessionCookie) {
        self.init(authorization: headers[.authorization], cookies: headers[values: .cookie], cookie: cookie)
    }

    /// Parses the `Authorization` header (RFC 6750 §2.1) and the `Cookie` headers (RFC 6265 §4.2); a bearer token takes
    /// precedence over a cookie.
    package init(authorization: String?, cookies: [String], cookie: SessionCookie) {
        if let authorization, authorization.lowercased().hasPrefix("bearer ") {
            self = .bearer(String(authorization.dropFirst(7).drop { $0 == " " }))
            return
        }
        self = cookie.value(in: cookies).map { .cookie($0) } ?? .none
    }

    package var token: String? {
        switch self {
        case .bearer(let token), .cookie(let token): token
        case .none: nil
        }
    }
}
