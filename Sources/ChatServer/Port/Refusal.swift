import ChatCore
import ChatHTTP
import ChatWire
import NIOCore
import NIOHTTP1

/// Why a request is refused, and the answer that says so.
struct Refusal {
    let error: ChatError
    let status: HTTPResponseStatus
    private let headers: HTTPHeaders

    /// - Parameter status: nil for that of the error.
    init(_ error: ChatError, status: HTTPResponseStatus? = nil, headers: HTTPHeaders = [:]) {
        self.error = error
        self.status = status ?? HTTPResponseStatus(statusCode: error.overHTTP.code.status.code)
        self.headers = headers
    }

    /// Of bytes that the parser does not accept.
    ///
    /// - Parameter bytes: those that it was parsing.
    init(_ fault: HTTPParserError, in bytes: ByteBuffer?) {
        let lines = (bytes?.readableBytesView).map { RequestLine.all(in: $0) } ?? []
        switch fault {
        case .invalidMethod where lines.contains(where: \.hasUnknownMethod):
            self.init(
                ChatError(.methodNotAllowed, "request: the method is not known here"), status: .notImplemented)
        case .invalidVersion where lines.contains(where: \.hasOtherVersion):
            self.init(
                ChatError(.invalidInput, "request: only HTTP/1.1 and HTTP/1.0 are spoken"),
                status: .httpVersionNotSupported)
        case .unexpectedContentLength: self.init(RequestRules.unclearEnd)
        default: self.init(ChatError(.invalidInput, "request: not HTTP"))
        }
    }

    /// The whole answer, after which the connection closes.
    var answer: [HTTPServerResponsePart] {
        let body = JSON.document { $0.error(error.overHTTP) }
        var headers = headers
        headers.add(name: "Content-Type", value: "application/json")
        headers.add(name: "Content-Length", value: String(body.count))
        headers.add(name: "Connection", value: "close")
        return [
            .head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)),
            .body(.byteBuffer(ByteBuffer(bytes: body))), .end(nil),
        ]
    }
}

/// The first line of a request that the parser refused: it does not tell what was wrong from what is no HTTP at all.
struct RequestLine {
    private let method: Substring
    private let version: Substring

    /// The lines that look like those of a request (RFC 9112 §3).
    static func all(in bytes: ByteBufferView) -> [RequestLine] {
        String(decoding: bytes.prefix(Limits.requestLinesBytes), as: UTF8.self).split(whereSeparator: \.isNewline)
            .compactMap { RequestLine($0) }
    }

    private init?(_ line: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2].hasPrefix("HTTP/"), !words[0].isEmpty,
            words[0].utf8.allSatisfy(Self.isTokenByte)
        else { return nil }
        (method, version) = (words[0], words[2].dropFirst(5))
    }

    var hasUnknownMethod: Bool {
        if case .RAW = HTTPMethod(rawValue: String(method)) { true } else { false }
    }

    /// A version with one digit before and behind the point, as HTTP has them.
    var hasOtherVersion: Bool {
        version.utf8.count == 3 && version.first?.isNumber == true && version.dropFirst().first == "."
            && version.last?.isNumber == true && !["1.0", "1.1"].contains(version)
    }

    /// RFC 9110 §5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
