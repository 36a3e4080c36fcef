/// The opening handshake of a generator's connection (RFC 6455 §4), as text and back.
struct Handshake {
    private let head: [String]
    private let credential: ServerUnderTest.Credential
    private let authority: String

    init(_ server: ServerUnderTest, path: String) {
        authority = server.endpoint.authority
        credential = server.credential
        // Every connection sends the same key: the answer to it is not checked, only that the server switched.
        head = [
            "GET \(path) HTTP/1.1", "Host: \(authority)", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: Y2hhdGN0bCBiZW5jaC4uLg==",
        ]
    }

    /// The request of the connection with this index.
    func request(for index: Int) -> String {
        var lines = head
        switch credential {
        case .tokens(let tokens): lines.append("Authorization: Bearer \(tokens[index % tokens.count])")
        case .cookie(let cookie): lines += ["Cookie: \(cookie)", "Origin: http://\(authority)"]
        }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }
}

/// What the bytes at the beginning of an HTTP/1.1 response say.
enum ResponseHead {
    /// The head has not arrived completely.
    case incomplete
    /// `length` bytes with the blank line at the end.
    case complete(status: Substring, lines: [Substring], length: Int)

    init(_ bytes: UnsafeRawBufferPointer) {
        guard let end = Self.end(of: bytes) else {
            self = .incomplete
            return
        }
        let text = String(decoding: bytes[..<end], as: UTF8.self)
        let lines = text.split(separator: "\r\n")
        self = .complete(status: lines.first ?? "", lines: Array(lines.dropFirst()), length: end)
    }

    private static func end(of bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 3..<bytes.count
        where bytes[index] == 10 && bytes[index - 1] == 13 && bytes[index - 2] == 10 && bytes[index - 3] == 13 {
            return index + 1
        }
        return nil
    }
}
