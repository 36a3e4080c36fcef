import ChatCore
import NIOCore
import NIOHTTP1
import Synchronization

// Requests one after the other share one kept connection; requests at the same time get one each, so nobody waits
// behind a slow answer. A kept connection may be dead without our knowing: a request that may be repeated is then
// repeated once, on a fresh one. Refused: a pool with limits and health checks, which one program does not need.

/// A small HTTP/1.1 client of one server.
package final class HTTPClient: Sendable {
    /// Bytes of the largest answer that is taken.
    static let answerBytes = 16 * 1_048_576
    /// How long an answer may take.
    static let patience: TimeAmount = .seconds(30)
    /// How long a connection is kept unused: half of what our servers allow.
    private static let keeping: TimeAmount = .seconds(30)
    private static let mostKept = 8

    private struct Kept {
        let channel: any Channel
        let since: NIODeadline
    }

    package let address: ServerAddress
    private let token: String?
    private let dialer: Dialer
    private let kept = Mutex<[Kept]>([])

    /// - Parameter token: sent with each request as `Authorization: Bearer`.
    package init(address: ServerAddress, token: String?) {
        self.address = address
        self.token = token
        dialer = Dialer(address)
    }

    deinit {
        kept.withLock { kept in
            for connection in kept { connection.channel.close(promise: nil) }
        }
    }

    /// The answer to a request, whatever its status.
    ///
    /// - Throws: `unavailable` when the server cannot be reached or the connection breaks, `timedOut` after 30 s,
    ///   `tooLarge` for more than 16 MiB, `interrupted` when the task is cancelled.
    package func answer(to request: HTTPRequest) async throws(ChatError) -> HTTPAnswer {
        if let channel = takeKept() {
            do {
                return try await run(request, on: channel)
            } catch {
                guard request.isRepeatable, Self.isStale(error), !Task.isCancelled else { throw translated(error) }
            }
        }
        let channel = try await dialer.connect { channel in
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            try channel.pipeline.syncOperations.addHandler(HTTPExchangeHandler())
        }
        do {
            return try await run(request, on: channel)
        } catch {
            throw translated(error)
        }
    }

    private func run(_ request: HTTPRequest, on channel: any Channel) async throws -> HTTPAnswer {
        let promise = channel.eventLoop.makePromise(of: HTTPAnswer.self)
        let exchange = HTTPExchange(
            head: head(of: request), body: request.body.map { ByteBuffer(bytes: $0) }, answer: promise)
        channel.writeAndFlush(exchange).whenFailure { promise.fail($0) }
        let answer = try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            channel.close(promise: nil)
        }
        if answer.keepsAlive { keep(channel) }
        return answer
    }

    private func head(of request: HTTPRequest) -> HTTPRequestHead {
        var headers: HTTPHeaders = ["Host": address.authority, "Accept": "application/json", "User-Agent": "chatctl"]
        if let token { headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body = request.body {
            headers.add(name: "Content-Type", value: "application/json")
            headers.add(name: "Content-Length", value: String(body.count))
        } else if request.method != .GET {
            headers.add(name: "Content-Length", value: "0")
        }
        return HTTPRequestHead(version: .http1_1, method: request.method, uri: request.target, headers: headers)
    }

    private func translated(_ error: any Error) -> ChatError {
        Task.isCancelled ? .wrapping(CancellationError()) : address.fault(error)
    }

    private static func isStale(_ error: any Error) -> Bool {
        switch error {
        case NetFault.closed, is ChannelError, is IOError: true
        default: false
        }
    }

    // MARK: Kept connections

    private func keep(_ channel: any Channel) {
        let isFull = kept.withLock { kept in
            guard kept.count < Self.mostKept else { return true }
            kept.append(Kept(channel: channel, since: .now()))
            return false
        }
        if isFull { channel.close(promise: nil) }
    }

    /// The connection used last that is still open and young enough; older ones are closed.
    private func takeKept() -> (any Channel)? {
        kept.withLock { kept in
            while let last = kept.popLast() {
                if last.channel.isActive, .now() - last.since < Self.keeping { return last.channel }
                last.channel.close(promise: nil)
            }
            return nil
        }
    }
}

/// The path and query of a request.
enum Target {
    /// `/api/v1/` and the parts, each percent-encoded, with the query's values encoded too.
    static func api(_ parts: String..., query: [(String, String)] = []) -> String {
        let path = "/api/v1/" + parts.map(encoded).joined(separator: "/")
        guard !query.isEmpty else { return path }
        return path + "?" + query.map { "\($0)=\(encoded($1))" }.joined(separator: "&")
    }

    /// Percent-encoding of all but the unreserved characters (RFC 3986 §2.3).
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
