import ChatCore
import NIOCore
import NIOHTTP1

/// One request of the HTTP API.
struct HTTPRequest: Sendable {
    let method: HTTPMethod
    /// Path and query, percent-encoded.
    let target: String
    let body: [UInt8]?
    /// The request is idempotent, so it may be retried when a kept connection turns out to be dead.
    let isRepeatable: Bool

    /// - Parameter isRepeatable: nil decides by the method: GET and PUT are. A second DELETE would answer `not found`.
    init(_ method: HTTPMethod, _ target: String, body: [UInt8]? = nil, isRepeatable: Bool? = nil) {
        self.method = method
        self.target = target
        self.body = body
        self.isRepeatable = isRepeatable ?? (method == .GET || method == .PUT)
    }
}

/// A complete response.
struct HTTPAnswer: Sendable {
    let status: Int
    let body: [UInt8]
    /// The values of its `Link` headers.
    var links: [String] = []
    /// Of the room's log that it is about, from its header `Room-Epoch`.
    var epoch: String?
    /// The connection can be used for another request.
    let keepsAlive: Bool
}

/// A request in flight, with the promise of its answer.
struct HTTPExchange: Sendable {
    let head: HTTPRequestHead
    let body: ByteBuffer?
    let answer: EventLoopPromise<HTTPAnswer>
}

/// Writes one request at a time and collects its answer. Confined to its event loop.
final class HTTPExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPExchange
    typealias OutboundOut = HTTPClientRequestPart

    private let bounds: HTTPClient.Bounds
    private var waiting: EventLoopPromise<HTTPAnswer>?
    private var timeout: Scheduled<Void>?
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []
    private var informational = 0

    init(_ bounds: HTTPClient.Bounds) {
        self.bounds = bounds
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        waiting = exchange.answer
        timeout = context.eventLoop.assumeIsolated().scheduleTask(in: bounds.answerTime) {
            self.fail(NetFault.timedOut, context)
        }
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if let body = exchange.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where (100..<200).contains(head.status.code):
            informational += 1
            if informational > bounds.informationalAnswers { fail(NetFault.onlyInformational, context) }
        case .head(let head):
            self.head = head
        case .body(let part):
            guard body.count + part.readableBytes <= bounds.answerBytes else {
                return fail(NetFault.tooLarge(limit: bounds.answerBytes), context)
            }
            body.append(contentsOf: part.readableBytesView)
        case .end:
            finish(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(NetFault.closed, context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error, context)
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard let head, let promise = takeWaiting() else { return context.close(promise: nil) }
        let answer = HTTPAnswer(
            status: Int(head.status.code), body: body, links: head.headers["link"],
            epoch: head.headers.first(name: "room-epoch"), keepsAlive: head.isKeepAlive)
        self.head = nil
        body = []
        informational = 0
        promise.succeed(answer)
        if !answer.keepsAlive { context.close(promise: nil) }
    }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        takeWaiting()?.fail(error)
        context.close(promise: nil)
    }

    private func takeWaiting() -> EventLoopPromise<HTTPAnswer>? {
        timeout?.cancel()
        timeout = nil
        defer { waiting = nil }
        return waiting
    }
}
