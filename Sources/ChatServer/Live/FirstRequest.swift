import ChatCore
import ChatWire
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

// One port for HTTP and WebSocket. The first request head of a connection decides: a plain one gets
// Hummingbird's handlers and everything is passed on to them; one that asks for a WebSocket is judged and then
// answered with 101 and one handler, or refused as HTTP. NIO's typed upgrader was refused: it cannot answer a
// refused upgrade with a status of ours.

/// What a new connection needs to become either.
struct LiveSettings: Sendable {
    let context: LiveContext
    let origins: Set<String>
    let usesTLS: Bool
}

/// A server channel that serves HTTP until a first request makes it a WebSocket.
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
        channel.eventLoop.makeCompletedFuture {
            // A channel keeps the buffer of its first read for ever; NIO's own are of 2 KB. It grows with what comes.
            let receiving = AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 512, maximum: 65_536)
            try channel.syncOptions?.setOption(.recvAllocator, value: receiving)
            let encoder = HTTPResponseEncoder()
            let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
            let kind = channel.eventLoop.makePromise(of: Kind.self)
            let first = FirstRequest(
                encoder: encoder, decoder: decoder, settings: settings, logger: logger, kind: kind)
            try channel.pipeline.syncOperations.addHandlers([encoder, decoder, first])
            return Value(kind: kind.futureResult, channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        guard case .http(let channel) = try? await value.kind.get() else { return }
        // Requests take time, which the loop has not.
        await withTaskExecutorPreference(globalConcurrentExecutor) {
            await handleHTTP(asyncChannel: channel, logger: logger)
        }
    }
}

/// Looks at a connection's first request and makes way for what it asks for; confined to its event loop.
final class FirstRequest: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a client may take for its first request head.
    private static let patience: TimeAmount = .seconds(10)

    private let encoder: HTTPResponseEncoder
    private let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private let settings: LiveSettings
    private let logger: Logger
    private var kind: EventLoopPromise<UpgradableChannel.Kind>?
    private var head: HTTPRequestHead?
    private var timeout: Scheduled<Void>?

    init(
        encoder: HTTPResponseEncoder, decoder: ByteToMessageHandler<HTTPRequestDecoder>, settings: LiveSettings,
        logger: Logger, kind: EventLoopPromise<UpgradableChannel.Kind>
    ) {
        self.encoder = encoder
        self.decoder = decoder
        self.settings = settings
        self.logger = logger
        self.kind = kind
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        timeout = context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timeout?.cancel()
        settle(.finished)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent || (event as? ChannelEvent) == .inputClosed {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return context.close(promise: nil) }
        refuse(ChatError(.invalidInput, "request: not HTTP"), context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where UpgradeRequest.isMeant(by: head):
            self.head = head
        case .head:
            becomeHTTP(context, firstPart: data)
        case .body:
            refuse(ChatError(.invalidInput, "handshake: has a body"), context)
        case .end:
            guard let head else { return context.close(promise: nil) }
            judge(head, context)
        }
    }

    private func settle(_ kind: UpgradableChannel.Kind) {
        self.kind?.succeed(kind)
        self.kind = nil
    }

    private func becomeHTTP(_ context: ChannelHandlerContext, firstPart: NIOAny) {
        do {
            let pipeline = context.pipeline.syncOperations
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: settings.usesTLS))
            try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: .seconds(60), logger: logger))
            let channel = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
                wrappingChannelSynchronously: context.channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            settle(.http(channel))
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
        let live = settings.context
        let authorized = Self.authorize(request, live, on: context.eventLoop)
        authorized.assumeIsolated().whenSuccess { result in
            guard context.channel.isActive else { return }
            self.answer(request, result, context)
        }
    }

    private struct Admission: Sendable {
        let credential: Credential
        let opening: LiveConnection.Admission?
    }

    /// Asks where reading waits least; the answer comes on the loop.
    private static func authorize(
        _ request: UpgradeRequest, _ live: LiveContext, on loop: any EventLoop
    ) -> EventLoopFuture<Result<Admission, ChatError>> {
        let answer = loop.makePromise(of: Result<Admission, ChatError>.self)
        let question = { @Sendable in answer.succeed(await authorize(request, live)) }
        Task(executorPreference: live.chat.store.reader, operation: question)
        return answer.futureResult
    }

    private static func authorize(
        _ request: UpgradeRequest, _ live: LiveContext
    ) async -> Result<Admission, ChatError> {
        do throws(ChatError) {
            return .success(try await admission(request, live))
        } catch {
            return .failure(error)
        }
    }

    /// - Throws: `unauthenticated`, `disabled`, and for the seed's form what reading the room demands.
    private static func admission(
        _ request: UpgradeRequest, _ live: LiveContext
    ) async throws(ChatError) -> Admission {
        guard let token = request.proof.token else {
            throw ChatError(.unauthenticated, "handshake: not logged in")
        }
        let credential = try await live.chat.authenticate(token: token)
        guard let text = request.onlyRoom else { return Admission(credential: credential, opening: nil) }
        let name: RoomName
        do throws(ChatError) { name = try RoomName(text) } catch { throw ChatError(.roomNotFound, error.message) }
        let opening = try await LiveConnection.admit(credential.user, to: name, after: nil, epoch: nil, live)
        return Admission(credential: credential, opening: opening)
    }

    private func answer(
        _ request: UpgradeRequest, _ result: Result<Admission, ChatError>, _ context: ChannelHandlerContext
    ) {
        let live = settings.context
        do throws(ChatError) {
            let admission = try result.get()
            let credential = admission.credential
            guard let hub = live.hub(of: context.eventLoop) else {
                throw ChatError(.fault, "handshake: a connection outside the server's event loops")
            }
            try live.admit(credential.user)
            let connection = LiveConnection(
                context: live, hub: hub, credential: credential, opening: admission.opening, usesTLS: settings.usesTLS
            )
            become(connection, key: request.key, context)
        } catch {
            refuse(error, context)
        }
    }

    private func become(_ connection: LiveConnection, key: String, _ context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        let headers: HTTPHeaders = [
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": WebSocketHandshake.accept(key),
        ]
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        // Hummingbird allows half-closed connections; a WebSocket whose peer closed would stay for ever.
        try? context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
        do {
            try pipeline.addHandler(connection)
        } catch {
            settings.context.release(connection.user)
            return context.close(promise: nil)
        }
        settle(.finished)
        pipeline.removeHandler(encoder, promise: nil)
        pipeline.removeHandler(self, promise: nil)
        // Takes effect after the decode loop; bytes that came early go on to the connection.
        pipeline.removeHandler(decoder, promise: nil)
    }

    private func refuse(
        _ error: ChatError, _ context: ChannelHandlerContext, status: HTTPResponseStatus? = nil,
        headers extra: HTTPHeaders = [:]
    ) {
        let body = JSON.document { $0.error(error.outward) }
        var headers = extra
        headers.add(name: "Content-Type", value: "application/json")
        headers.add(name: "Content-Length", value: String(body.count))
        headers.add(name: "Connection", value: "close")
        let status = status ?? HTTPResponseStatus(statusCode: error.code.status.code)
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        let done = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
        let channel = context.channel
        done.futureResult.whenComplete { _ in channel.close(promise: nil) }
    }
}
