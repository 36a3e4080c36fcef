import ChatCore
import ChatHTTP
import ChatWire
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

// One port for HTTP and WebSocket. Each request passes this gate. The first plain one installs Hummingbird's handlers
// behind it, and plain ones are passed on to them. A WebSocket request, the first of its connection or a later one, stays
// here until all requests before it are answered; it is checked, and answered with 101 and a single handler, or refused
// over HTTP. The handlers behind are then removed but for the last, which cannot be; it hears nothing any more until the
// connection ends, and with it Hummingbird's task. Rejected: NIO's typed upgrader, which cannot refuse an upgrade with a
// status of our choice.

/// Sorts a connection's requests into plain ones and those for a WebSocket; confined to its event loop.
final class UpgradeGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The progress of the newest request.
    private enum Phase {
        case waiting
        /// A plain one, whose parts are passed on.
        case passing
        case reading(HTTPRequestHead)
        /// For a WebSocket: being checked, or already accepted or refused.
        case judged
    }

    /// What plain HTTP needs behind the gate.
    private struct PlainHTTP {
        let codec: HTTP1ToHTTPServerCodec
        let state: HTTPConnectionStateHandler
        let place: KeptPlace
    }

    private let encoder: HTTPResponseEncoder
    private let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private let watch: RequestWatch
    private let bytes: ByteWatch
    private let settings: LiveSettings
    private let logger: Logger
    private var kind: EventLoopPromise<UpgradableChannel.Kind>?
    private var phase = Phase.waiting
    private var plain: PlainHTTP?

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
        let ends = event is ChannelShouldQuiesceEvent || (event as? ChannelEvent) == .inputClosed
        if ends, isUpgrading || plain == nil {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else {
            return plain == nil ? context.close(promise: nil) : context.fireErrorCaught(error)
        }
        if case .judged = phase { return }
        // A plain request is answered in its turn by whoever answers the others.
        guard isUpgrading || plain == nil else { return context.fireErrorCaught(error) }
        let refusal = watch.refusal ?? Refusal(ChatError(.invalidInput, "request: not HTTP"))
        phase = .judged
        watch.inTurn { self.refuse(refusal, context) }
    }

    private var isUpgrading: Bool {
        switch phase {
        case .waiting, .passing: false
        case .reading, .judged: true
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (phase, unwrapInboundIn(data)) {
        case (.waiting, .head(let head)) where UpgradeRequest.isMeant(by: head): phase = .reading(head)
        case (.waiting, .head(let head)): pass(head, context)
        case (.waiting, .body), (.waiting, .end): context.close(promise: nil)
        case (.passing, .end):
            phase = .waiting
            context.fireChannelRead(data)
        case (.passing, _): context.fireChannelRead(data)
        case (.reading, .body):
            phase = .judged
            watch.inTurn { self.refuse(ChatError(.invalidInput, "handshake: has a body"), context) }
        case (.reading(let head), .end):
            phase = .judged
            // The parser keeps what comes behind until somebody takes it.
            watch.pausesAtBytes = true
            watch.inTurn { self.judge(head, context) }
        // What the client sends after it is not parsed as HTTP.
        case (.reading, .head), (.judged, _): break
        }
    }

    private func resolve(_ kind: UpgradableChannel.Kind) {
        self.kind?.succeed(kind)
        self.kind = nil
    }

    private func pass(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        var head = head
        if RequestRules.asksForUpgrade(head) {
            // It does not get it, and what comes behind it is not parsed.
            watch.endAfterNewest()
            head.headers.replaceOrAdd(name: "Connection", value: "close")
        }
        do {
            if plain == nil { plain = try install(context) }
            phase = .passing
            context.fireChannelRead(wrapInboundOut(.head(head)))
        } catch {
            context.close(promise: nil)
        }
    }

    private func install(_ context: ChannelHandlerContext) throws -> PlainHTTP {
        let plain = PlainHTTP(
            codec: HTTP1ToHTTPServerCodec(secure: settings.usesTLS),
            state: HTTPConnectionStateHandler(idleTimeout: .seconds(60), logger: logger),
            place: settings.context.keep(context.channel, watch))
        try context.pipeline.syncOperations.addHandlers([plain.codec, plain.state])
        let channel = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
            wrappingChannelSynchronously: context.channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        resolve(.http(channel))
        return plain
    }

    // MARK: WebSocket

    private func judge(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard UpgradeRequest.speaksOurVersion(head) else {
            let error = ChatError(.invalidInput, "handshake: only version 13 is spoken")
            return refuse(
                Refusal(error, status: .upgradeRequired, headers: ["Sec-WebSocket-Version": "13"]), context)
        }
        let scheme = settings.usesTLS ? "https" : "http"
        do throws(ChatError) {
            let request = try UpgradeRequest(head, cookie: SessionCookie(usesTLS: settings.usesTLS))
            try request.requireOwnOrigin(scheme: scheme, allowed: settings.origins)
            admit(request, context)
        } catch {
            refuse(error, context)
        }
    }

    private func admit(_ request: UpgradeRequest, _ context: ChannelHandlerContext) {
        let welcome = context.eventLoop.makePromise(of: Result<Welcome, ChatError>.self)
        let chat = settings.context.chat
        let changes = settings.context.hub(of: context.eventLoop)?.roomChanges.count ?? 0
        chat.read { welcome.succeed(await Welcome.result(of: request, chat)) }
        welcome.futureResult.assumeIsolated().whenSuccess { result in
            guard context.channel.isActive else { return }
            self.answer(request, result, changes: changes, context)
        }
    }

    private func answer(
        _ request: UpgradeRequest, _ result: Result<Welcome, ChatError>, changes: UInt64,
        _ context: ChannelHandlerContext
    ) {
        let live = settings.context
        do throws(ChatError) {
            let welcome = try result.get()
            guard let hub = live.hub(of: context.eventLoop) else {
                throw ChatError(.fault, "handshake: a connection outside the server's event loops")
            }
            try live.chat.openConnection(of: welcome.credential.user)
            let connection = LiveConnection(welcome, changes: changes, live, hub, usesTLS: settings.usesTLS)
            accept(connection, key: request.key, judgedAt: welcome.revision, context)
        } catch {
            refuse(error, context)
        }
    }

    /// Sends 101 and waits until it is out: the connection writes past this pipeline, and earlier answers may still be in
    /// it.
    private func accept(
        _ connection: LiveConnection, key: String, judgedAt revision: UInt64, _ context: ChannelHandlerContext
    ) {
        let headers: HTTPHeaders = [
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": WebSocketHandshake.accept(key),
        ]
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: sent)
        sent.futureResult.assumeIsolated().whenComplete { result in
            do {
                try result.get()
                try self.become(connection, judgedAt: revision, context)
            } catch {
                self.settings.context.chat.closeConnection(of: connection.user.id)
                context.close(promise: nil)
            }
        }
    }

    /// - Parameter revision: of the rights when the handshake was judged. The connection hears of later changes itself.
    private func become(
        _ connection: LiveConnection, judgedAt revision: UInt64, _ context: ChannelHandlerContext
    ) throws {
        // A peer that has reset the connection makes the write close the channel.
        guard context.channel.isActive else { throw ChannelError.ioOnClosedChannel }
        // Hummingbird allows half-closed connections; a WebSocket whose peer closed would stay open forever.
        try? context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
        try ReadSize.frames.apply(to: context.channel)
        // The connection writes bytes as soon as it is added: what encodes HTTP must be gone by then.
        let pipeline = context.pipeline.syncOperations
        for handler in [watch, bytes, encoder] as [any RemovableChannelHandler] {
            pipeline.removeHandler(handler, promise: nil)
        }
        if let plain {
            pipeline.removeHandler(plain.codec, promise: nil)
            pipeline.removeHandler(plain.state, promise: nil)
            plain.place.leave()
        }
        try pipeline.addHandler(connection, position: .after(self))
        if connection.context.chat.rightsRevision != revision { Task { await connection.recheck() } }
        resolve(.finished)
        pipeline.removeHandler(self, promise: nil)
        // Takes effect after the decode loop; bytes that arrived early are passed on to the connection. No completed read
        // follows them, so what answers them is sent here.
        let removed = context.eventLoop.makePromise(of: Void.self)
        removed.futureResult.whenComplete { [hub = connection.hub] _ in hub.flush() }
        pipeline.removeHandler(decoder, promise: removed)
        connection.startReading()
    }

    private func refuse(_ error: ChatError, _ context: ChannelHandlerContext) { refuse(Refusal(error), context) }

    private func refuse(_ refusal: Refusal, _ context: ChannelHandlerContext) {
        phase = .judged
        settings.context.chat.report(.refused(refusal.error.code))
        let done = context.eventLoop.makePromise(of: Void.self)
        for part in refusal.answer {
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
