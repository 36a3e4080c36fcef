import ChatCore
import ChatHTTP
import NIOCore
import NIOHTTP1

// A request must come in whole within a time, however slowly its bytes trickle, and nobody may leave many half ones open.
// Two handlers share one state: bytes are seen before the parser, the ends of requests behind it.

/// Ends requests that do not come in whole within ``Limits/requestTime`` with 408, refuses those that break the rules of
/// HTTP, and closes a connection after an answer that did not wait for the rest of its request; confined to its event
/// loop.
final class RequestWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a peer that was answered before its request was whole has to read the answer: closing at once, with unread
    /// bytes, could take it away.
    private static let linger: TimeAmount = .seconds(1)

    /// Makes every answer the last one of its connection.
    var closesAfterAnswer = false
    /// The last request of the connection is here: what comes behind it is dropped, because the parser would keep it.
    private(set) var isDeaf = false
    /// Why the newest request was refused; nothing that comes after it counts.
    private(set) var refusal: Refusal?
    /// Bytes that come now are kept by the parser, so nothing more is read behind the next ones.
    var pausesAtBytes = false
    /// The bytes that the parser is at.
    private var parsing: ByteBuffer?
    private let chat: Chat
    private var progress = RequestProgress()
    /// More came behind a request that ends the connection.
    private var isEnding = false
    /// What the newest request waits with until those before it are answered.
    private var turn: (() -> Void)?
    /// The requests that were passed on and are not answered yet, in order.
    private var requests: [RequestFacts] = []
    /// When the present request must be whole; nil between requests.
    private var due: NIODeadline?
    /// Rings at ``due`` or earlier, and then looks again: most requests are whole at once, and this costs them nothing.
    private var timer: Scheduled<Void>?
    private var context: ChannelHandlerContext?
    /// The answer that goes out ends the connection.
    private var isLast = false
    /// An answer of ours has taken the place of the rest of another one.
    private var isReplaced = false
    /// The answer is to `HEAD` and has no length: the encoder would end a body that is not there.
    private var hidesEnd = false

    init(chat: Chat) {
        self.chat = chat
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        startDeadline()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        // What waits holds its handler, which holds this one.
        turn = nil
        self.context = nil
    }

    /// Bytes arrived and will be parsed.
    func tookBytes(_ bytes: ByteBuffer) {
        parsing = bytes
        guard !pausesAtBytes else {
            try? context?.channel.syncOptions?.setOption(.autoRead, value: false)
            return
        }
        carryOut(progress.tookBytes())
    }

    func parsedBytes() { parsing = nil }

    /// Only the first fault counts: the parser tells some of them twice, and nothing behind it is processed.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let fault = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        guard refusal == nil, !isDeaf else { return }
        refusal = Refusal(fault, in: parsing)
        isDeaf = true
        context.fireErrorCaught(error)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard refusal == nil, !isEnding else {
            isDeaf = true
            return
        }
        switch unwrapInboundIn(data) {
        case .head(let head):
            // It may have begun in the same bytes in which the one before it ended.
            carryOut(progress.tookBytes())
            return take(head, context)
        case .body: stopWaiting()
        case .end:
            stopWaiting()
            isDeaf = requests.last?.isLast == true
            carryOut(progress.tookEnd())
        }
        context.fireChannelRead(data)
    }

    private func take(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        // Nothing is processed behind a request that ends the connection (RFC 9112 §9.6).
        guard requests.last?.isLast != true else {
            isEnding = true
            return
        }
        do throws(ChatError) {
            var head = try RequestRules.checked(head)
            var facts = RequestFacts(head)
            facts.isLast = facts.isLast || closesAfterAnswer
            requests.append(facts)
            // The gate behind this handler looks for the word `upgrade`.
            if facts.isLast, !RequestRules.asksForUpgrade(head) {
                head.headers.replaceOrAdd(name: "Connection", value: "close")
            }
            context.fireChannelRead(wrapInboundOut(.head(head)))
        } catch {
            // Whoever answers requests answers this one in its turn, like one that cannot be parsed.
            refusal = Refusal(error)
            context.fireErrorCaught(HTTPParserError.unknown)
        }
    }

    /// Makes the newest request the last one of its connection.
    func endAfterNewest() {
        if !requests.isEmpty { requests[requests.count - 1].isLast = true }
    }

    /// Calls `act` when all requests before the newest one are answered.
    func inTurn(_ act: @escaping () -> Void) {
        if requests.count > 1 { turn = act } else { act() }
    }

    /// Not within the write of the last answer, which is not flushed yet.
    private func takeTurn(_ context: ChannelHandlerContext) {
        guard requests.count == 1, let act = turn else { return }
        turn = nil
        context.eventLoop.assumeIsolated().execute { if context.channel.isActive { act() } }
    }

    /// The body of the newest request is on its way without an invitation.
    private func stopWaiting() {
        if !requests.isEmpty { requests[requests.count - 1].awaitsInvitation = false }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyIsWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        promise?.succeed()
        guard requests.first?.awaitsInvitation == true else { return }
        requests[0].awaitsInvitation = false
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        // The framework's answer to what it cannot parse has no body; ours says what is wrong.
        case .head(let head) where head.status == .badRequest && head.headers.first(name: "content-length") == "0":
            let refusal = refusal ?? Refusal(ChatError(.invalidInput, "request: not HTTP"))
            chat.report(.refused(refusal.error.code))
            for part in refusal.answer { write(context: context, data: wrapOutboundOut(part), promise: nil) }
            isReplaced = true
            promise?.succeed()
        case _ where isReplaced: promise?.succeed()
        case .head(var head) where head.status.code >= 200:
            let request = requests.first
            isLast = progress.beganAnswer() || closesAfterAnswer || request?.isLast == true
            if isLast { head.headers.replaceOrAdd(name: "Connection", value: "close") }
            if request?.isOld == true { head.version = .http1_0 }
            hidesEnd = request?.isHead == true && !head.headers.contains(name: "content-length")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body where requests.first?.isHead == true: promise?.succeed()
        case .end:
            progress.endedAnswer()
            if !requests.isEmpty { requests.removeFirst() }
            if hidesEnd { promise?.succeed() } else { context.write(data, promise: promise) }
            if isLast { close(context) } else { takeTurn(context) }
        case .head, .body: context.write(data, promise: promise)
        }
    }

    /// Sends what was written, ends the outbound side, and soon the connection.
    private func close(_ context: ChannelHandlerContext) {
        let channel = context.channel
        context.flush()
        channel.close(mode: .output, promise: nil)
        context.eventLoop.scheduleTask(in: Self.linger) { channel.close(promise: nil) }
    }

    private func carryOut(_ deadline: RequestProgress.Deadline) {
        switch deadline {
        case .start: startDeadline()
        case .stop: due = nil
        case .keep: break
        }
    }

    private func startDeadline() {
        guard let loop = context?.eventLoop else { return }
        let due = loop.now + .milliseconds(Limits.requestTime.milliseconds)
        self.due = due
        if timer == nil { ring(at: due, on: loop) }
    }

    private func ring(at moment: NIODeadline, on loop: any EventLoop) {
        timer = loop.assumeIsolated().scheduleTask(deadline: moment) { [weak self] in self?.rang() }
    }

    private func rang() {
        timer = nil
        guard let due, let loop = context?.eventLoop else { return }
        if due > loop.now { ring(at: due, on: loop) } else { expire() }
    }

    private func expire() {
        guard let context else { return }
        due = nil
        switch progress.expired() {
        case .close: context.close(promise: nil)
        case .refuse:
            let error = ChatError(
                .timedOut, "request: it did not come in whole within \(Limits.requestTime.milliseconds / 1_000) s")
            chat.report(.refused(error.code))
            // The request is not whole, so its answer is the last one.
            for part in Refusal(error).answer { write(context: context, data: wrapOutboundOut(part), promise: nil) }
        }
    }
}
