import ChatCore
import Glibc

/// Requests pages of a room over HTTP, on one connection that stays open.
final class PageClient {
    private let server: ServerUnderTest
    private let token: String
    private let socket: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)

    /// - Throws: `usage` without a token, `unavailable` when nobody listens.
    init(_ server: ServerUnderTest) throws(ChatError) {
        guard case .tokens(let tokens) = server.credential, let token = tokens.first else {
            throw ChatError(.usage, "bench history: needs a token", hint: "set CHATCTL_TOKEN or --token-file")
        }
        self.server = server
        self.token = token
        socket = try server.endpoint.open(isBlocking: true)
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(socket) }

    /// How long one page took, from the request's first byte to the response's last, in nanoseconds.
    func page(before seq: Int, limit: Int) throws(ChatError) -> UInt64 {
        let request = """
            GET /api/v1/rooms/\(server.rooms[0])/messages?before=\(seq)&limit=\(limit) HTTP/1.1\r
            Host: \(server.endpoint.authority)\r
            Authorization: Bearer \(token)\r
            \r

            """
        let bytes = Array(request.utf8)
        let start = LoadClock.now()
        guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw failure("the connection is closed")
        }
        var (count, total) = (0, Int.max)
        while count < total {
            let read = recv(socket, &buffer[count], buffer.count - count, 0)
            guard read > 0 else { throw failure("it did not send a complete response") }
            count += read
            if total == .max { total = try length(of: count) ?? .max }
        }
        return LoadClock.now() - start
    }

    /// The bytes of head and body together, nil while the head is incomplete.
    private func length(of count: Int) throws(ChatError) -> Int? {
        switch buffer[..<count].withUnsafeBytes(PageResponse.init) {
        case .incomplete: return nil
        case .refused(let status): throw failure("it answered '\(status)'")
        case .length(let length) where length <= buffer.count: return length
        case .length, .unknownLength: throw failure("its response has no usable Content-Length")
        }
    }

    private func failure(_ why: String) -> ChatError {
        ChatError(.unavailable, "server \(server.endpoint.url): \(why)")
    }
}

/// What the head of a response to a page's request says.
enum PageResponse: Equatable {
    case incomplete
    /// Another status than 200: the status line.
    case refused(String)
    case unknownLength
    /// Bytes of head and body together.
    case length(Int)

    init(_ bytes: UnsafeRawBufferPointer) {
        guard case .complete(let status, let lines, let head) = ResponseHead(bytes) else {
            self = .incomplete
            return
        }
        guard status.hasPrefix("HTTP/1.1 200") else {
            self = .refused(String(status))
            return
        }
        let field = lines.first { $0.lowercased().hasPrefix("content-length:") }
        let digits = field?.split(separator: ":", maxSplits: 1).last?.filter { $0 != " " && $0 != "\t" } ?? ""
        guard let body = Int(digits), (0...Int(Int32.max)).contains(body) else {
            self = .unknownLength
            return
        }
        self = .length(head + body)
    }
}
