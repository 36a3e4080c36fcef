import ChatCore
import ChatHTTP
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// What a new connection needs to become HTTP or WebSocket.
struct LiveSettings: Sendable {
    let context: LiveContext
    let origins: Set<String>
    let usesTLS: Bool
}

/// How many bytes one read of a socket may take. A channel keeps its first read buffer for its lifetime, and NIO's default is
/// 2 KB: these start small and grow.
enum ReadSize: Int {
    /// A read of 64 KB can hold thousands of requests, which are all parsed before another connection has its turn.
    case requests = 2_048
    case frames = 65_536

    func apply(to channel: any Channel) throws {
        let receiving = AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 512, maximum: rawValue)
        try channel.syncOptions?.setOption(.recvAllocator, value: receiving)
    }
}

/// A server channel that serves HTTP until a request makes it a WebSocket.
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
            try ReadSize.requests.apply(to: channel)
            // One read a turn: a few connections that send as fast as they can must not hold up the others of their loop.
            try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
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
            let gate = UpgradeGate(
                encoder: encoder, decoder: decoder, watch: watch, bytes: bytes, settings: settings, logger: logger,
                kind: kind)
            try channel.pipeline.syncOperations.addHandlers([bytes, encoder, decoder, watch, gate])
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
