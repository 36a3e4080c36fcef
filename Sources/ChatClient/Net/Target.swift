import ChatCore

/// The path and query of a request.
enum Target {
    /// `/api/v1/` followed by the percent-encoded parts and the query, whose values are encoded too.
    static func api(_ parts: String..., query: [(String, String)] = []) -> String {
        let path = "/api/v1/" + parts.map(encoded).joined(separator: "/")
        guard !query.isEmpty else { return path }
        return path + "?" + query.map { "\($0)=\(encoded($1))" }.joined(separator: "&")
    }

    /// The room that a target names; nil if it names none.
    static func room(in target: String) -> RoomName? {
        let parts = parts(of: target)
        // Behind `api` and `v1`.
        guard parts.count > 3, parts[2] == "rooms" else { return nil }
        return try? RoomName(parts[3])
    }

    /// The user that a target names; nil if it names none.
    static func user(in target: String) -> Username? {
        let parts = parts(of: target)
        let nouns: Set = ["users", "members", "direct", "kick", "bans", "mutes"]
        // The last one: a room may be called as a noun is, but stands before it.
        return parts.indices.dropLast().last { nouns.contains(parts[$0]) }.flatMap { try? Username(parts[$0 + 1]) }
    }

    private static func parts(of target: String) -> [String] {
        target.prefix { $0 != "?" }.split(separator: "/").map(String.init)
    }

    /// Percent-encoding of all but the unreserved characters (RFC 3986 §2.3). Our own, because Foundation's is not in
    /// FoundationEssentials, and Foundation costs 44 MB.
    static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { encoded, byte in
            switch byte {
            case 0x61...0x7a, 0x41...0x5a, 0x30...0x39, 0x2d, 0x2e, 0x5f, 0x7e:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                encoded += byte < 16 ? "%0" + hex : "%" + hex
            }
        }
    }
}
