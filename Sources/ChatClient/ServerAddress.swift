import ChatCore

/// Where a server is: scheme, host and port, as `--server` names it.
package struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    package let usesTLS: Bool
    /// A host name or an IP address, without brackets.
    package let host: String
    package let port: Int

    /// Reads `http://host[:port][/]` or `https://…`; the port is 80 or 443 when there is none.
    ///
    /// - Throws: `configuration` for anything else, also for a path, a query or credentials.
    package init(_ text: String) throws(ChatError) {
        guard let (usesTLS, rest) = Self.scheme(of: text),
            let (host, port) = Self.split(rest, standardPort: Self.standardPort(usesTLS: usesTLS))
        else { throw Self.refusal(of: text) }
        self.usesTLS = usesTLS
        self.host = host
        self.port = port
    }

    /// The address as a URL without a path.
    package var description: String { "\(usesTLS ? "https" : "http")://\(authority)" }

    /// The value of a `Host` header: with the port only when it is not the scheme's own (RFC 9110 §7.2).
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == Self.standardPort(usesTLS: usesTLS) ? name : "\(name):\(port)"
    }

    private static func standardPort(usesTLS: Bool) -> Int { usesTLS ? 443 : 80 }

    private static func scheme(of text: String) -> (usesTLS: Bool, rest: Substring)? {
        let folded = text.lowercased()
        if folded.hasPrefix("http://") { return (false, folded.dropFirst(7)) }
        if folded.hasPrefix("https://") { return (true, folded.dropFirst(8)) }
        return nil
    }

    private static func split(_ rest: Substring, standardPort: Int) -> (host: String, port: Int)? {
        let authority = rest.hasSuffix("/") ? rest.dropLast() : rest
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let host = authority[authority.index(after: authority.startIndex)..<end]
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
            return port(authority[authority.index(after: end)...], standardPort).map { (String(host), $0) }
        }
        let host = authority.prefix { $0 != ":" }
        guard !host.isEmpty, host.utf8.allSatisfy(isHostByte) else { return nil }
        return port(authority.dropFirst(host.count), standardPort).map { (String(host), $0) }
    }

    /// The number of `:8080`, the standard port for empty text, nil for anything else.
    private static func port(_ text: Substring, _ standardPort: Int) -> Int? {
        guard !text.isEmpty else { return standardPort }
        guard text.first == ":", text.dropFirst().allSatisfy(\.isWholeNumber), let port = Int(text.dropFirst()),
            (1...65_535).contains(port)
        else { return nil }
        return port
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7a, 0x30...0x39, 0x2d, 0x2e, 0x5f: true
        default: false
        }
    }

    /// Does not repeat a URL that may hold a password.
    private static func refusal(of text: String) -> ChatError {
        let shown = text.contains("@") ? "the given URL" : "'\(text.prefix(200))'"
        return ChatError(
            .configuration, "server: \(shown) is no server address",
            hint: "use http://HOST:PORT or https://HOST, such as http://127.0.0.1:8080")
    }
}
