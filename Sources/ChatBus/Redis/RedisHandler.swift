import NIOCore

/// Reads the replies off a channel for its link; confined to its event loop.
final class RedisHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let link: RedisLink
    private let reader: RedisReader

    /// Returns nil when there is too little memory.
    init?(_ link: RedisLink) {
        guard let reader = RedisReader() else { return nil }
        self.link = link
        self.reader = reader
    }

    func channelActive(context: ChannelHandlerContext) { link.connected(context.channel) }

    func channelInactive(context: ChannelHandlerContext) { link.disconnected() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard reader.feed(unwrapInboundIn(data)) else { return context.close(promise: nil) }
        while true {
            switch reader.next() {
            case .reply(let reply): link.heard(reply)
            case .needsMoreBytes: return
            case .malformed: return context.close(promise: nil)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { link.failed(error, context.channel) }
}
