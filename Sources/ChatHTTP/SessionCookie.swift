/// The cookie that keeps a log-in. Over TLS its name says that it came over TLS and from this very host, so that no other
/// host of the domain can plant one (RFC 6265bis §4.1.3.2, `__Host-`).
package struct SessionCookie: Sendable {
    package let usesTLS: Bool

    package init(usesTLS: Bool) {
        self.usesTLS = usesTLS
    }

    package var name: String { Self.name("chatctl_session", usesTLS: usesTLS) }

    /// The name of a cookie that belongs to this host alone.
    package static func name(_ word: String, usesTLS: Bool) -> String { usesTLS ? "__Host-" + word : word }

    /// The session's token in the `Cookie` headers of a request; nil if there is none.
    package func value(in headers: [String]) -> String? { Self.value(of: name, in: headers) }

    /// The value of a cookie in the `Cookie` headers of a request (RFC 6265 §4.2).
    package static func value(of name: String, in headers: [String]) -> String? {
        let prefix = name + "="
        let pairs = headers.joined(separator: ";").split(separator: ";").map { $0.drop { $0 == " " } }
        return pairs.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    /// The `Set-Cookie` header for a new session.
    ///
    /// - Parameter seconds: how long the browser keeps it; 0 removes it.
    package func header(_ token: String, seconds: Int64) -> String {
        Self.header(name, token, seconds: seconds, usesTLS: usesTLS)
    }

    package static func header(_ name: String, _ value: String, seconds: Int64, usesTLS: Bool) -> String {
        "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax" + (usesTLS ? "; Secure" : "")
    }
}
