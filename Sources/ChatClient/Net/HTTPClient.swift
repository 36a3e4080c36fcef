import ChatCore
import NIOCore
import NIOHTTP1
import Synchronization

// Sequential requests share one kept connection; concurrent requests get one each, so none waits behind a slow answer.
// The server may have closed a kept connection without our knowing: an idempotent request is then retried once, on a
// fresh one. Refused: a pool with health checks, which a program that talks to one server does not need.

/// A small HTTP/1.1 client of one server.
final class HTTPClient: Sendable {
    /// How much a client takes, and how long it waits.
    struct Bounds: Sendable {
        /// Bytes of the largest answer.
        var answerBytes = 24 * 1_048_576
        /// Informational answers, such as 100, before the final one (RFC 9110 §15.2).
        var informationalAnswers = 16
        /// How long an answer may take.
        var answerTime: TimeAmount = .seconds(30)
        /// How long an idle connection is kept: half of what our servers allow.
        var keeping: TimeAmount = .seconds(30)
        /// Idle connections that are kept.
        var mostKept = 8

        init() {}
    }

    private struct Kept {
        let channel: any Channel
        let since: NIODeadline
    }

    let address: ServerAddress
    private let token: String?
    private let bounds: Bounds
    private let dialer: Dialer
    private let kept = Mutex<[Kept]>([])

    /// - Parameter token: sent with each request as `Authorization: Bearer`.
    init(address: ServerAddress, token: String?, bounds: Bounds = Bounds()) {
        self.address = address
        self.token = token
        self.bounds = bounds
        dialer = Dialer(address)
    }

    deinit {
        kept.withLock { kept in
            for connection in kept { connection.channel.close(promise: nil) }
        }
    }

    /// Sends a request and returns the answer, whatever its status.
    ///
    /// - Throws: `unavailable` when the server cannot be reached or the connection breaks, `timedOut` and `tooLarge` as
    ///   ``Bounds`` say, `interrupted` when the task is cancelled.
    func answer(to request: HTTPRequest) async throws(ChatError) -> HTTPAnswer {
        if let channel = takeKept() {
            do {
                return try await run(request, on: channel)
            } catch {
                guard request.isRepeatable, Self.isStale(error), !Task.isCancelled else { throw translated(error) }
            }
        }
        let channel = try await dialer.connect { [bounds] channel in
            let decoder = HTTPResponseDecoder(informationalResponseStrategy: .forward)
            try channel.pipeline.syncOperations.addHandlers(
                HTTPRequestEncoder(), ByteToMessageHandler(decoder), NIOHTTPRequestHeadersValidator(),
                HTTPExchangeHandler(bounds))
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
            guard kept.count < bounds.mostKept else { return true }
            kept.append(Kept(channel: channel, since: .now()))
            return false
        }
        if isFull { channel.close(promise: nil) }
    }

    /// The most recently used connection, if it is still open and recent enough; older ones are closed.
    private func takeKept() -> (any Channel)? {
        kept.withLock { kept in
            while let last = kept.popLast() {
                if last.channel.isActive, .now() - last.since < bounds.keeping { return last.channel }
                last.channel.close(promise: nil)
            }
            return nil
        }
    }
}
