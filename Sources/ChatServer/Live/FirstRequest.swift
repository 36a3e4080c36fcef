import ChatCore
import ChatHTTP
import ChatWire
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

// One port for HTTP and WebSocket. The first request head of a connection decides: for plain HTTP, Hummingbird's
// handlers are installed and everything is passed on to them; a WebSocket request is checked and then answered with 101
// and a single handler, or refused over HTTP. Rejected: NIO's typed upgrader, which cannot refuse an upgrade with a
// status of our choice.

/// What a new connection needs to become HTTP or WebSocket.
struct LiveSettings: Sendable {
    let context: LiveContext
    let origins: Set<String>
    let usesTLS: Bool
}

/// A server channel that serves HTTP, unless its first request makes it a WebSocket.
struct UpgradableChannel: ServerChildChannel, HTTPChannelHandler {
    enum Kind: Sendable {
        case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
        case finished
    }

    struct Value: ServerChildChannelValue {
        let kind: EventLoopFuture<Kind>
        let channel: any Channel
    }

    let responder: HTTPChannelHandler.Responder
    let settings: LiveSettings

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        settings.context.accepted.add(1, ordering: .relaxed)
        return channel.eventLoop.makeCompletedFuture {
            // A channel keeps its first read buffer for its lifetime, and NIO's default is 2 KB. This one starts small
            // and grows.
            let receiving = AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 512, maximum: 65_536)
            try channel.syncOptions?.setOption(.recvAllocator, value: receiving)
            if settings.usesTLS {
                // The tickets of TLS 1.3 and the first answer are two small writes: the second would wait for the peer's
                // delayed acknowledgement of the first.
                try? channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
            }
            let encoder = HTTPResponseEncoder()
            let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
            let kind = channel.eventLoop.makePromise(of: Kind.self)
            let watch = RequestWatch(chat: settings.context.chat)
            let bytes = ByteWatch(watch)
            let first = FirstRequest(
                encoder: encoder, decoder: decoder, watch: watch, bytes: bytes, settings: settings, logger: logger,
                kind: kind)
            try channel.pipeline.syncOperations.addHandlers([bytes, encoder, decoder, watch, first])
            return Value(kind: kind.futureResult, channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        guard case .http(let channel) = try? await value.kind.get() else { return }
        // Requests take time and must not block the event loop.
        await withTaskExecutorPreference(globalConcurrentExecutor) {
            await handleHTTP(asyncChannel: channel, logger: logger)
        }
    }
}

/// Inspects a connection's first request and installs the handlers it needs; confined to its event loop.
final class FirstRequest: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The progress of the first request.
    private enum Phase {
        case waiting
        case reading(HTTPRequestHead)
        /// Being checked, or already accepted or refused.
        case judged
    }

    private let encoder: HTTPResponseEncoder
    private let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private let watch: RequestWatch
    private let bytes: ByteWatch
    private let settings: LiveSettings
    private let logger: Logger
    private var kind: EventLoopPromise<UpgradableChannel.Kind>?
    private var phase = Phase.waiting

    init(
        encoder: HTTPResponseEncoder, decoder: ByteToMessageHandler<HTTPRequestDecoder>, watch: RequestWatch,
        bytes: ByteWatch, settings: LiveSettings, logger: Logger, kind: EventLoopPromise<UpgradableChannel.Kind>
    ) {
        self.encoder = encoder
        self.decoder = decoder
        self.watch = watch
        self.bytes = bytes
        self.settings = settings
        self.logger = logger
        self.kind = kind
    }

    func handlerRemoved(context: ChannelHandlerContext) { resolve(.finished) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent || (event as? ChannelEvent) == .inputClosed {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return context.close(promise: nil) }
        if case .judged = phase { return }
        refuse(watch.refusal ?? ChatError(.invalidInput, "request: not HTTP"), context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (phase, unwrapInboundIn(data)) {
        case (.waiting, .head(let head)) where UpgradeRequest.isMeant(by: head): phase = .reading(head)
        case (.waiting, .head): becomeHTTP(context, firstPart: data)
        case (.waiting, .body), (.waiting, .end): context.close(promise: nil)
        case (.reading, .body): refuse(ChatError(.invalidInput, "handshake: has a body"), context)
        case (.reading(let head), .end):
            phase = .judged
            judge(head, context)
        // Only the first request is checked; what the client sends after it is not parsed as HTTP.
        case (.reading, .head), (.judged, _): break
        }
    }

    private func resolve(_ kind: UpgradableChannel.Kind) {
        self.kind?.succeed(kind)
        self.kind = nil
    }

    private func becomeHTTP(_ context: ChannelHandlerContext, firstPart: NIOAny) {
        do {
            settings.context.keep(context.channel, watch)
            let pipeline = context.pipeline.syncOperations
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: settings.usesTLS))
            try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: .seconds(60), logger: logger))
            let channel = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
                wrappingChannelSynchronously: context.channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            resolve(.http(channel))
            context.fireChannelRead(firstPart)
            pipeline.removeHandler(self, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }

    // MARK: WebSocket

    private func judge(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard UpgradeRequest.speaksOurVersion(head) else {
            return refuse(
                ChatError(.invalidInput, "handshake: only version 13 is spoken"), context, status: .upgradeRequired,
                headers: ["Sec-WebSocket-Version": "13"])
        }
        let scheme = settings.usesTLS ? "https" : "http"
        do throws(ChatError) {
            let request = try UpgradeRequest(head)
            try request.requireOwnOrigin(scheme: scheme, allowed: settings.origins)
            admit(request, context)
        } catch {
            refuse(error, context)
        }
    }

    private func admit(_ request: UpgradeRequest, _ context: ChannelHandlerContext) {
        let welcome = context.eventLoop.makePromise(of: Result<Welcome, ChatError>.self)
        let chat = settings.context.chat
        chat.read { welcome.succeed(await Welcome.result(of: request, chat)) }
        welcome.futureResult.assumeIsolated().whenSuccess { result in
            guard context.channel.isActive else { return }
            self.answer(request, result, context)
        }
    }

    private func answer(
        _ request: UpgradeRequest, _ result: Result<Welcome, ChatError>, _ context: ChannelHandlerContext
    ) {
        let live = settings.context
        do throws(ChatError) {
            let welcome = try result.get()
            guard let hub = live.hub(of: context.eventLoop) else {
                throw ChatError(.fault, "handshake: a connection outside the server's event loops")
            }
            try live.chat.openConnection(of: welcome.credential.user)
            let connection = LiveConnection(welcome, live, hub, usesTLS: settings.usesTLS)
            become(connection, key: request.key, judgedAt: welcome.revision, context)
        } catch {
            refuse(error, context)
        }
    }

    /// - Parameter revision: of the rights when the handshake was judged. The connection hears of later changes itself.
    private func become(
        _ connection: LiveConnection, key: String, judgedAt revision: UInt64, _ context: ChannelHandlerContext
    ) {
        let pipeline = context.pipeline.syncOperations
        let headers: HTTPHeaders = [
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": WebSocketHandshake.accept(key),
        ]
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        do {
            // A peer that has reset the connection makes the write close the channel.
            guard context.channel.isActive else { throw ChannelError.ioOnClosedChannel }
            // Hummingbird allows half-closed connections; a WebSocket whose peer closed would stay open forever.
            try? context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
            // The connection writes bytes as soon as it is added: what encodes HTTP must be gone by then.
            pipeline.removeHandler(watch, promise: nil)
            pipeline.removeHandler(bytes, promise: nil)
            pipeline.removeHandler(encoder, promise: nil)
            try pipeline.addHandler(connection)
        } catch {
            settings.context.chat.closeConnection(of: connection.user.id)
            return context.close(promise: nil)
        }
        if connection.context.chat.rightsRevision != revision { Task { await connection.recheck() } }
        resolve(.finished)
        pipeline.removeHandler(self, promise: nil)
        // Takes effect after the decode loop; bytes that arrived early are passed on to the connection. No completed read
        // follows them, so what answers them is sent here.
        let removed = context.eventLoop.makePromise(of: Void.self)
        removed.futureResult.whenComplete { [hub = connection.hub] _ in hub.flush() }
        pipeline.removeHandler(decoder, promise: removed)
    }

    private func refuse(
        _ error: ChatError, _ context: ChannelHandlerContext, status: HTTPResponseStatus? = nil,
        headers extra: HTTPHeaders = [:]
    ) {
        phase = .judged
        settings.context.chat.report(.refused(error.code))
        let done = context.eventLoop.makePromise(of: Void.self)
        for part in RequestWatch.answer(to: error, status: status, headers: extra) {
            if case .end = part {
                context.writeAndFlush(wrapOutboundOut(part), promise: done)
            } else {
                context.write(wrapOutboundOut(part), promise: nil)
            }
        }
        let channel = context.channel
        done.futureResult.whenComplete { _ in channel.close(promise: nil) }
    }
}
