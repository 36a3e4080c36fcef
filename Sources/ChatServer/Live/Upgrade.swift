import ChatCore
import ChatHTTP
import ChatWire
import FoundationEssentials
import NIOHTTP1

// Decides from its head alone whether a request may become a WebSocket. A refusal is plain HTTP with 400, 401, 403,
// 404, 426 or 429, before any frame.

/// The head of a WebSocket request.
struct UpgradeRequest: Sendable {
    let key: String
    let onlyRoom: String?
    let proof: Proof
    let origin: String?
    let host: String?

    /// Returns true if the request asks for a WebSocket at one of our paths; anything else is plain HTTP.
    static func isMeant(by head: HTTPRequestHead) -> Bool {
        let path = head.uri.prefix { $0 != "?" }
        guard path == "/ws" || path.hasPrefix("/ws/") else { return false }
        return tokens(head.headers["upgrade"]).contains("websocket")
    }

    /// Parses the opening handshake (RFC 6455 §4.2.1).
    ///
    /// - Throws: `invalidInput` for a broken handshake, `roomNotFound` for an unknown path.
    init(_ head: HTTPRequestHead, cookie: SessionCookie) throws(ChatError) {
        guard head.method == .GET, head.version == .http1_1,
            Self.tokens(head.headers["connection"]).contains("upgrade"),
            head.headers.first(name: "host") != nil
        else { throw ChatError(.invalidInput, "handshake: not a GET of HTTP/1.1 with 'Connection: Upgrade'") }
        let keys = head.headers["sec-websocket-key"]
        guard keys.count == 1, WebSocketHandshake.isValid(key: keys[0]) else {
            throw ChatError(.invalidInput, "handshake: Sec-WebSocket-Key is not 16 bytes in base64")
        }
        key = keys[0]
        onlyRoom = try Self.room(of: head.uri)
        proof = Proof(
            authorization: head.headers.first(name: "authorization"), cookies: head.headers["cookie"],
            cookie: cookie)
        origin = head.headers.first(name: "origin")
        host = head.headers.first(name: "host")
    }

    /// Returns true if the client speaks version 13, the only one there is (RFC 6455 §4.4).
    static func speaksOurVersion(_ head: HTTPRequestHead) -> Bool {
        head.headers["sec-websocket-version"] == ["13"]
    }

    /// Requires that a cookie comes from our own origin or an allowed one: browsers also send cookies with requests of
    /// foreign pages.
    ///
    /// - Throws: `notAllowed`.
    func requireOwnOrigin(scheme: String, allowed: Set<String>) throws(ChatError) {
        guard case .cookie = proof else { return }
        guard let origin, origin == "\(scheme)://\(host ?? "")" || allowed.contains(origin) else {
            throw ChatError(
                .notAllowed, "handshake: the cookie does not count from origin '\(origin?.prefix(200) ?? "none")'",
                remedy: .allowOrigin)
        }
    }

    /// The room of a one-room connection; nil for `/ws`.
    private static func room(of uri: String) throws(ChatError) -> String? {
        var path = URLComponents(string: uri)?.path ?? String(uri.prefix { $0 != "?" })
        if path == "/ws" || path == "/ws/" { return nil }
        let prefix = "/ws/chatroom/"
        guard path.hasPrefix(prefix) else { throw ChatError(.notFound, "\(path.prefix(200)): nothing is here") }
        path.removeFirst(prefix.count)
        if path.hasSuffix("/") { path.removeLast() }
        return path
    }

    private static func tokens(_ values: [String]) -> [Substring] {
        values.flatMap { $0.lowercased().split(separator: ",") }.map { $0.trimmingBlanks }
    }
}
