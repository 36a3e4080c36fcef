import ChatCore
import ChatWire
import NIOCore

/// The client's side of one WebSocket: handshake, frames, pings, detection of a dead server. Confined to its event loop.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        case upgrading(UpgradeAnswer, opened: EventLoopPromise<Void>)
        case open
        case closing
    }

    /// Bytes of the longest message that is accepted. A server's frames exceed the limit of a client's.
    private static let messageBytes = 16 * 1_048_576
    /// How long the handshake may take, and how often silence is checked for.
    private static let handshakeTime: TimeAmount = .seconds(10)
    private static let beat: TimeAmount = .seconds(5)

    private let address: ServerAddress
    private let request: String
    private let inbox: Inbox
    private var phase: Phase
    private var decoder = FrameDecoder(role: .client, limit: WebSocketHandler.messageBytes)
    private var timer: Scheduled<Void>?
    private var heardAt = NIODeadline.uptimeNanoseconds(0)
    private var pingedAt = NIODeadline.uptimeNanoseconds(0)

    init(_ handshake: ClientHandshake, address: ServerAddress, inbox: Inbox, opened: EventLoopPromise<Void>) {
        self.address = address
        request = handshake.request
        self.inbox = inbox
        phase = .upgrading(UpgradeAnswer(key: handshake.key), opened: opened)
    }

    // MARK: Channel

    /// Added to a connected channel, so that when several addresses are tried at once only the winner starts a handshake.
    func handlerAdded(context: ChannelHandlerContext) {
        guard context.channel.isActive else { return fail(NetFault.closed, context) }
        heardAt = context.eventLoop.now
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.handshakeTime) {
            self.fail(NetFault.timedOut, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(NetFault.closed, context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        heardAt = context.eventLoop.now
        switch phase {
        case .upgrading(var answer, let opened):
            let outcome = answer.feed(buffer)
            phase = .upgrading(answer, opened: opened)
            conclude(outcome, opened, context)
        case .open: read(buffer, context)
        case .closing: break
        }
    }

    /// Ends the connection and notifies whoever waits for the handshake or reads. No-op after the first call.
    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        timer?.cancel()
        if case .upgrading(_, let opened) = phase { opened.fail(error) }
        phase = .closing
        inbox.end(code: 1006)
        context.close(promise: nil)
    }

    private func conclude(
        _ outcome: UpgradeAnswer.Outcome, _ opened: EventLoopPromise<Void>, _ context: ChannelHandlerContext
    ) {
        switch outcome {
        case .incomplete: break
        case .broken: fail(NetFault.notWebSocket, context)
        case .refused(let status, _) where (200..<300).contains(status): fail(NetFault.notWebSocket, context)
        case .refused(let status, let body): fail(address.refusal(status: status, body: body), context)
        case .accepted(let rest):
            phase = .open
            opened.succeed()
            scheduleBeat(context)
            if rest.readableBytes > 0 { read(rest, context) }
        }
    }

    // MARK: Frames

    private func read(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        decoder.feed(buffer)
        do throws(FrameDecoder.Violation) {
            while case .open = phase, let output = try decoder.next() { receive(output, context) }
        } catch {
            write(WebSocketFrame.close(error.code.rawValue, reason: error.reason, mask: Self.mask()), context)
            fail(error, context)
        }
    }

    private func receive(_ output: FrameDecoder.Output, _ context: ChannelHandlerContext) {
        switch output {
        case .text(let bytes):
            if inbox.put(bytes) { try? context.channel.syncOptions?.setOption(.autoRead, value: false) }
        case .ping(let payload): write(WebSocketFrame.encode(.pong, payload, mask: Self.mask()), context)
        case .close(let code):
            inbox.end(code: code ?? 1005)
            write(WebSocketFrame.close(code ?? 1000, mask: Self.mask()), context)
            fail(NetFault.closed, context)
        case .binary, .pong: break
        }
    }

    private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    /// A new, unpredictable masking key for each frame (RFC 6455 §5.3).
    static func mask() -> UInt32 { .random(in: 0...UInt32.max) }

    // MARK: Silence

    private func scheduleBeat(_ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.beat) { self.measure(context) }
    }

    /// While the socket is not read because its reader is slow, silence says nothing about the server.
    private func measure(_ context: ChannelHandlerContext) {
        guard case .open = phase else { return }
        let now = context.eventLoop.now
        let isReading = (try? context.channel.syncOptions?.getOption(.autoRead)) ?? true
        if !isReading { heardAt = now }
        if now - heardAt >= TimeAmount(Limits.silence) { return fail(NetFault.closed, context) }
        if now - max(heardAt, pingedAt) >= TimeAmount(Limits.pingInterval) {
            pingedAt = now
            write(WebSocketFrame.encode(.ping, [], mask: Self.mask()), context)
        }
        scheduleBeat(context)
    }
}
