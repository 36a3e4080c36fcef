import ChatCore

// Not read with Foundation's URLComponents: it refuses `/`, `#` and `?` in a password and lets `%zz` pass.

/// Address and credentials of a Redis server: `redis://[USER:PASSWORD@]HOST[:PORT][/NUMBER]`, `rediss://` for TLS.
package struct RedisAddress: Sendable, Hashable, CustomStringConvertible {
    let usesTLS: Bool
    let host: String
    let port: Int
    let user: String?
    let password: String?
    /// The number of the database, which SELECT takes.
    let database: Int

    /// Parses one or more URLs separated by commas.
    ///
    /// - Throws: `configuration` when one of them is no Redis URL or names the same server as another.
    package static func list(_ text: String) throws(ChatError) -> [RedisAddress] {
        let addresses = try text.split(separator: ",", omittingEmptySubsequences: false).map {
            url throws(ChatError) in try RedisAddress(url.trimmingBlanks)
        }
        guard Set(addresses.map(\.description)).count == addresses.count else {
            throw ChatError(.configuration, "redis: a server is named twice")
        }
        return addresses
    }

    init(_ url: Substring) throws(ChatError) {
        guard let end = url.firstRange(of: "://"), ["redis", "rediss"].contains(url[..<end.lowerBound].lowercased())
        else { throw Self.refusal }
        usesTLS = url[..<end.lowerBound].lowercased() == "rediss"
        var rest = url[end.upperBound...]
        if let at = rest.lastIndex(of: "@") {
            let login = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decoded(login[0])
            user = name.isEmpty ? nil : name
            password = login.count == 2 ? try Self.decoded(login[1]) : nil
            rest = rest[rest.index(after: at)...]
        } else {
            (user, password) = (nil, nil)
        }
        let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let (host, port) = Self.split(parts[0]) else { throw Self.refusal }
        (self.host, self.port) = (host, port)
        let number = parts.count == 2 ? parts[1] : ""
        guard number.isEmpty || number.allSatisfy(\.isNumber), let database = Int(number.isEmpty ? "0" : number) else {
            throw Self.refusal
        }
        self.database = database
    }

    /// The address without credentials, for errors. Rooms are spread over servers by it, so it must stay as it is.
    package var description: String {
        "redis \(host.contains(":") ? "[\(host)]" : host):\(port)" + (database == 0 ? "" : "/\(database)")
    }

    private static func split(_ text: Substring) -> (host: String, port: Int)? {
        var (host, rest) = (text.prefix { $0 != ":" }, text.drop { $0 != ":" })
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
        }
        guard !host.isEmpty, rest.isEmpty || rest.first == ":" else { return nil }
        guard let port = rest.isEmpty ? 6_379 : Int(rest.dropFirst()), (1...65_535).contains(port) else { return nil }
        return (String(host), port)
    }

    /// Decodes percent-encoding (RFC 3986 §2.1).
    private static func decoded(_ text: Substring) throws(ChatError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                throw refusal
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Does not repeat the URL, which may contain a password.
    private static var refusal: ChatError {
        ChatError(
            .configuration, "redis: not a Redis URL",
            hint: "use redis://HOST:PORT, rediss:// for TLS; put commas between several")
    }
}
