import ChatCore
import NIOHTTP1

// What RFC 9110 and RFC 9112 demand of a request's head beyond what the parser checks. Whatever is behind the parser sees
// targets in origin-form only, and one lower-case `close` where the connection ends after the answer.

/// The facts about a request that its answer depends on.
struct RequestFacts: Equatable {
    /// A `HEAD`, whose answer has no body.
    let isHead: Bool
    /// HTTP/1.0, which knows no chunks.
    let isOld: Bool
    /// The connection ends after the answer.
    var isLast: Bool
    /// The client waits with the body until it is asked for it.
    var awaitsInvitation: Bool

    init(_ head: HTTPRequestHead) {
        isHead = head.method == .HEAD
        isOld = head.version.minor == 0
        isLast = isOld || head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "close" }
        // An HTTP/1.0 client does not know the interim answer (RFC 9110 §10.1.1).
        awaitsInvitation = !isOld && head.headers["expect"].contains { $0.lowercased() == "100-continue" }
    }
}

/// Checks the heads of requests.
enum RequestRules {
    /// The head with its target in origin-form.
    ///
    /// - Throws: `invalidInput` for a missing, repeated or malformed `Host`, for another form of target, and for a body
    ///   whose end another reader could see elsewhere.
    static func checked(_ head: HTTPRequestHead) throws(ChatError) -> HTTPRequestHead {
        guard hasClearEnd(head) else { throw unclearEnd }
        let hosts = head.headers["host"]
        guard hosts.count == 1 || hosts.isEmpty && head.version.minor == 0 else {
            throw ChatError(.invalidInput, "request: needs exactly one Host header")
        }
        if let host = hosts.first, !isHost(host) {
            throw ChatError(.invalidInput, "request: the Host header is not a host and port")
        }
        if head.uri.hasPrefix("/") || head.uri == "*" && head.method == .OPTIONS { return head }
        guard let (authority, target) = absolute(head.uri), isHost(authority) else {
            throw ChatError(.invalidInput, "request: the target is not a path")
        }
        var head = head
        head.uri = target
        // The target's own authority counts, whatever the header says (RFC 9112 §3.2.2).
        head.headers.replaceOrAdd(name: "Host", value: authority)
        return head
    }

    static let unclearEnd = ChatError(
        .invalidInput, "request: where its body ends is not clear",
        hint: "send either Content-Length or, in HTTP/1.1, 'Transfer-Encoding: chunked'")

    /// Whether all readers agree on the end of the body. A proxy that sees another one takes what follows for a request of
    /// its own (RFC 9112 §6.1, §6.3 and §11.2).
    private static func hasClearEnd(_ head: HTTPRequestHead) -> Bool {
        guard head.headers.contains(name: "transfer-encoding") else { return true }
        return head.version.minor > 0 && !head.headers.contains(name: "content-length")
            && head.headers["transfer-encoding"].map { $0.lowercased() } == ["chunked"]
    }

    /// True if the parser may take the request for one of another protocol, behind which it reads nothing.
    static func asksForUpgrade(_ head: HTTPRequestHead) -> Bool {
        head.headers.contains(name: "upgrade")
            && head.headers["connection"].contains { $0.lowercased().contains("upgrade") }
    }

    /// The parts of a target in absolute-form.
    private static func absolute(_ uri: String) -> (authority: String, target: String)? {
        guard let scheme = ["http://", "https://"].first(where: { uri.lowercased().hasPrefix($0) }) else { return nil }
        let rest = uri.dropFirst(scheme.count)
        let authority = rest.prefix { !"/?#".contains($0) }
        let target = rest.dropFirst(authority.count)
        return (String(authority), target.hasPrefix("/") ? String(target) : "/" + target)
    }

    /// `uri-host [ ":" port ]` (RFC 9110 §7.2): a name, an IPv4 address or an IPv6 address in brackets.
    private static func isHost(_ text: String) -> Bool {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            guard rest[..<end].dropFirst().allSatisfy({ isHexadecimal($0) || $0 == 0x3a || $0 == 0x2e }) else {
                return false
            }
            rest = rest[rest.index(after: end)...]
        } else {
            let name = rest.prefix { $0 != UInt8(ascii: ":") }
            guard !name.isEmpty, name.allSatisfy(isNameByte) else { return false }
            rest = rest.dropFirst(name.count)
        }
        return rest.isEmpty || rest.first == 0x3a && rest.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    /// RFC 3986 §3.2.2, `reg-name`.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "-._~%!$&'()*+,;=".utf8.contains(byte)
        }
    }
}
