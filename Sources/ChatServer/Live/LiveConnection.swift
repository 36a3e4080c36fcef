import ChatCore
import ChatWire
import NIOCore
import NIOPosix

/// One WebSocket: decodes frames, performs what its session decides, and queues outgoing frames.
///
/// `@unchecked Sendable`: only references cross threads; the object itself is accessed on its event loop only.
final class LiveConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let context: LiveContext
    let hub: LiveHub
    let user: User
    let tokenID: Int64
    let isSession: Bool
    let expiresAt: Timestamp?
    private let usesTLS: Bool
    /// What is needed to join the room of the one-room form, until it is joined; in an array, which takes a word of an
    /// idle connection instead of the whole value.
    private var opening: [(admission: JoinAdmission, changes: UInt64)]
    var session: Session
    var limits = ConnectionLimits()
    /// Joins that wait for a slot to read the database.
    var waitingJoins: [PendingJoin] = []
    /// Edits messages; the next edit waits for it.
    var lastEdit: Task<Void, Never>?
    /// A frame that waits for joins, and keeps the socket from being read meanwhile.
    private var heldFrame: [UInt8]?
    var subscriptions: [RoomID: Subscription] = [:]
    /// Incremented by every event that may have changed the user's rights; a join that started before is retried.
    var revision = 0
    private var decoder = FrameDecoder(role: .server)
    private var channelContext: ChannelHandlerContext?
    private var descriptor: Int32 = -1
    private var outbox = Outbox()
    private var isClosing = false
    private var isReading = true
    /// True while other connections have their turn, although more frames of this one have come.
    private var isResting = false
    /// The hub's tick when the peer was last heard.
    var heardAt: UInt32 = 0

    /// - Parameter changes: how many changes of rooms the hub had seen before the handshake was judged.
    init(_ welcome: Welcome, changes: UInt64, _ context: LiveContext, _ hub: LiveHub, usesTLS: Bool) {
        let credential = welcome.credential
        self.context = context
        self.hub = hub
        user = credential.user
        tokenID = credential.tokenID
        isSession = credential.kind == .session
        expiresAt = credential.expiresAt
        session = Session(onlyRoom: welcome.opening?.access.room.name)
        opening = welcome.opening.map { [($0, changes)] } ?? []
        self.usesTLS = usesTLS
    }

    /// The use cases in the user's name; made when asked for, which costs an idle connection nothing.
    var service: LocalChat { context.chat.service(for: .user(user, tokenID: tokenID)) }

    var isMultiplexed: Bool { session.onlyRoom == nil }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        channelContext = context
        if !usesTLS {
            let found = try? context.channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
                of: NIOBSDSocket.Handle.self
            ) { $0 }
            descriptor = found ?? -1
        }
        heardAt = hub.tick
        hub.add(self)
        for (admission, changes) in opening { enter(admission, changes: changes) }
        opening = []
        hub.flush()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
        channelContext = nil
    }

    /// Runs in the event loop turn that closes the descriptor, so that a reused descriptor is never written to.
    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        descriptor = -1
        guard hub.isHolding(self) else { return }
        context.abandoned(bytes: outbox.bytes)
        for subscription in Array(subscriptions.values) { leave(subscription) }
        hub.remove(self)
        waitingJoins = []
        context.chat.closeConnection(of: user.id)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            for subscription in Array(subscriptions.values) { hub.sendResting(in: subscription.room.id) }
            close(.goingAway, "the server is going away")
        } else if (event as? ChannelEvent) == .inputClosed {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        heardAt = hub.tick
        guard !isClosing else { return discard(unwrapInboundIn(data)) }
        decoder.feed(unwrapInboundIn(data))
        receiveFrames()
    }

    /// Handles received frames while the connection has capacity for work; once it is full, the socket is read no
    /// further and TCP applies back-pressure to the client. Frames that cost no work but the loop's time are handled a
    /// number at a time, so that a few connections that send as fast as they can hold up nobody else's.
    private func receiveFrames() {
        do throws(FrameDecoder.Violation) {
            var handled = 0
            while !isClosing, !limits.isFull, heldFrame == nil, !isResting, let output = try decoder.next() {
                receive(output)
                handled += 1
                if handled == Limits.framesPerTurn { rest() }
            }
        } catch {
            // Bytes after a protocol violation cannot be decoded, so there is no point in waiting long for the peer's
            // close frame.
            shut(WebSocketFrame.close(error.code.rawValue, reason: error.reason), grace: .milliseconds(250))
        }
        setReading(!limits.isFull && heldFrame == nil && !isResting)
    }

    private func rest() {
        isResting = true
        hub.afterRest { [weak self] in
            guard let self, self.hub.isHolding(self) else { return }
            self.isResting = false
            self.receiveFrames()
            self.hub.flush()
        }
    }

    /// Acts on a frame, or holds it with everything behind it while a join on its way decides what it means: frames
    /// that do not wait for answers have the effect they would have one by one.
    private func receive(frame: [UInt8]) {
        let act = session.receive(frame)
        if limits.hasJoins, act.dependsOnJoin(limits, joined: session.rooms.count) {
            heldFrame = frame
        } else {
            perform(act)
        }
    }

    /// Goes on with a held frame when no join is on its way any more.
    func releaseHeldFrame() {
        guard !limits.hasJoins, let frame = heldFrame else { return }
        heldFrame = nil
        receive(frame: frame)
        receiveFrames()
    }

    /// Reads the socket, which was not read any further if bytes came while the handshake was judged, unless these were work
    /// enough.
    func startReading() {
        guard isReading, let channelContext else { return }
        try? channelContext.channel.syncOptions?.setOption(.autoRead, value: true)
    }

    private func setReading(_ reads: Bool) {
        guard reads != isReading, let channelContext else { return }
        isReading = reads
        try? channelContext.channel.syncOptions?.setOption(.autoRead, value: reads)
        if reads { channelContext.read() }
    }

    /// Called when the work for a frame is done; `answer` is sent if not empty.
    func finished(_ answer: [UInt8]) {
        limits.end()
        heardAt = hub.tick
        if !answer.isEmpty { enqueue(answer) }
        if !isReading, limits.isHalfEmpty { receiveFrames() }
    }

    /// After our close frame, only the peer's close frame matters; it ends the connection.
    private func discard(_ buffer: ByteBuffer) {
        decoder.feed(buffer)
        while let output = try? decoder.next() {
            if case .close = output { channelContext?.close(promise: nil) }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        hub.flush()
        context.fireChannelReadComplete()
    }

    private func receive(_ output: FrameDecoder.Output) {
        switch output {
        case .text(let bytes): receive(frame: bytes)
        case .binary: close(.unsupportedData, "text frames only")
        case .ping(let payload): enqueue(WebSocketFrame.encode(.pong, payload))
        case .pong: break
        case .close(let code): answerClose(code)
        }
    }

    // MARK: Sending

    /// The descriptor a broadcast may write to directly; -1 while bytes are queued here or writes must go through NIO.
    var directDescriptor: Int32 {
        outbox.isEmpty && !isClosing ? descriptor : -1
    }

    /// Queues bytes to be sent at the end of this event loop turn.
    func enqueue(_ bytes: [UInt8]) {
        guard !isClosing, channelContext != nil else { return }
        let wasDirect = outbox.isEmpty
        switch outbox.add(bytes) {
        case .first: hub.willFlush(self)
        case .queued: break
        case .overflow: return dropAsTooSlow()
        }
        if wasDirect { refreshSubscriptions() }
    }

    /// Sends queued bytes: directly as far as the socket accepts them, the rest through NIO, part by part.
    func flush() {
        guard let channelContext, let bytes = outbox.take() else { return }
        let sent = descriptor < 0 ? 0 : bytes.withUnsafeBytes { Broadcast.sendNow($0, to: descriptor) }
        guard sent < bytes.count else { return refreshSubscriptions() }
        let part = ByteBuffer(bytes: outbox.handOver(bytes[sent...]))
        let written = channelContext.eventLoop.makePromise(of: Void.self)
        written.futureResult.hop(to: hub.loop).whenComplete { result in
            self.outbox.written()
            if case .failure = result { self.outbox.discardQueued() }
            self.flush()
            if self.outbox.isEmpty { self.refreshSubscriptions() }
        }
        channelContext.writeAndFlush(wrapOutboundOut(part), promise: written)
    }

    private func refreshSubscriptions() {
        for subscription in subscriptions.values { subscription.refresh() }
    }

    // MARK: Closing

    /// Sends a close frame and waits a moment for the peer's (RFC 6455 §7.1.1).
    func close(_ code: CloseCode, _ reason: String) {
        shut(WebSocketFrame.close(code.rawValue, reason: reason))
    }

    private func answerClose(_ code: UInt16?) {
        shut(code.map { WebSocketFrame.close($0) } ?? WebSocketFrame.encode(.close, []))
        channelContext?.close(mode: .output, promise: nil)
        channelContext?.close(promise: nil)
    }

    private func shut(_ closeFrame: [UInt8], grace: TimeAmount = .seconds(5)) {
        guard !isClosing, let channelContext else { return }
        flush()
        isClosing = true
        let rest = outbox.handOverAll()
        if !rest.isEmpty { channelContext.write(wrapOutboundOut(ByteBuffer(bytes: rest)), promise: nil) }
        for subscription in Array(subscriptions.values) { leave(subscription) }
        var sent = 0
        if descriptor >= 0, !outbox.isWaitingForNIO {
            sent = closeFrame.withUnsafeBytes { Broadcast.sendNow($0, to: descriptor) }
        }
        if sent < closeFrame.count {
            channelContext.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: closeFrame[sent...])), promise: nil)
        }
        let channel = channelContext.channel
        hub.loop.scheduleTask(in: grace) { channel.close(promise: nil) }
    }

    /// Closes without a close frame: a peer that was silent for so long will not answer one.
    func abandon() { channelContext?.close(promise: nil) }

    /// Disconnects a slow client: bytes already handed to NIO may still drain, nothing more is queued.
    func dropAsTooSlow() {
        let address = channelContext?.channel.remoteAddress?.ipAddress ?? "unknown"
        if !isClosing { context.chat.report(.droppedAsTooSlow(user.username, address: address)) }
        context.abandoned(bytes: outbox.bytes)
        outbox.discardQueued()
        close(.tooSlow, "messages were not taken in time")
    }
}
