import ChatCore
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// One connection to a Redis server that comes again by itself: logs in, asks whether the server lives, and waits
/// longer after each failed attempt, never twice the same time.
///
/// `@unchecked Sendable`: `status` is behind its mutex; everything else is touched on `loop` only.
final class RedisLink: @unchecked Sendable {
    /// What the owner of a link hears, on its event loop.
    struct Ears: Sendable {
        var connected: @Sendable () -> Void = {}
        var heard: @Sendable (RedisReply) -> Void = { _ in }
    }

    /// How the link stands, for anyone to ask.
    private struct Status {
        var isReady = false
        /// Bytes given to the channel that it has not passed on.
        var unsent = 0
        var fault: ChatError?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    let address: RedisAddress
    private let loop: any EventLoop
    private let ears: Ears
    private let status = Mutex(Status())
    private var channel: (any Channel)?
    /// Commands whose answers have not come.
    private var unanswered = 0
    /// Answers that the log-in still needs.
    private var loginSteps = 0
    private var wait = Limits.busRetry
    private var isEnded = false
    private var heardAt = NIODeadline.now()

    init(_ address: RedisAddress, on loop: any EventLoop, _ ears: Ears) {
        self.address = address
        self.loop = loop
        self.ears = ears
    }

    // MARK: From anywhere

    var isReady: Bool { status.withLock { $0.isReady } }

    /// Why nothing can be sent, nil when it can.
    var fault: ChatError? {
        status.withLock { status in
            if status.isReady { return nil }
            return (status.fault ?? ChatError(.unavailable, "\(address): not connected")).of(.redis)
        }
    }

    /// Begins to connect; comes again until ``end()``.
    func begin() {
        loop.execute { self.connect() }
    }

    /// Waits until the link is ready or `limit` has passed.
    func ready(within limit: Duration) async {
        await withCheckedContinuation { continuation in
            let isDone = status.withLock { status in
                if !status.isReady { status.waiting.append(continuation) }
                return status.isReady
            }
            if isDone { return continuation.resume() }
            loop.scheduleTask(in: .milliseconds(limit.milliseconds)) { self.resumeWaiting() }
        }
    }

    /// Hands a command over. False, and nothing is sent, while the link is down or too much waits already.
    func send(_ command: ByteBuffer) -> Bool {
        let isTaken = status.withLock { status in
            guard status.isReady, status.unsent <= Limits.busBacklogBytes else { return false }
            status.unsent += command.readableBytes
            return true
        }
        if isTaken { loop.execute { self.write(command) } }
        return isTaken
    }

    /// Closes, if asked for after the answers to what was sent have come, for which it waits a moment.
    func end(awaitingAnswers: Bool) async {
        try? await loop.submit { self.isEnded = true }.get()
        let deadline = ContinuousClock.now + Limits.busFlush
        while awaitingAnswers, await hasUnanswered(), .now < deadline {
            try? await Task.sleep(for: .milliseconds(2))
        }
        try? await loop.submit { self.channel?.close(promise: nil) }.get()
        resumeWaiting()
    }

    private func hasUnanswered() async -> Bool {
        (try? await loop.submit { self.isReady && self.unanswered > 0 }.get()) == true
    }

    private func resumeWaiting() {
        let waiting = status.withLock { status in
            defer { status.waiting = [] }
            return status.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

// MARK: - On the loop

extension RedisLink {
    private func connect() {
        guard !isEnded, channel == nil else { return }
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.milliseconds(Limits.connect.milliseconds))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { [address] channel in
                channel.eventLoop.makeCompletedFuture {
                    if address.usesTLS {
                        try channel.pipeline.syncOperations.addHandler(try RedisTLS.handler(for: address.host))
                    }
                    guard let handler = RedisHandler(self) else { throw ChannelError.inappropriateOperationForState }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        bootstrap.connect(host: address.host, port: address.port).hop(to: loop).whenFailure { self.lost($0) }
    }

    func connected(_ channel: any Channel) {
        guard !isEnded else { return channel.close(promise: nil) }
        self.channel = channel
        heardAt = .now()
        var login: [[String]] = []
        if let password = address.password {
            login.append(address.user.map { ["AUTH", $0, password] } ?? ["AUTH", password])
        }
        if address.database != 0 { login.append(["SELECT", String(address.database)]) }
        login.append(["PING"])
        loginSteps = login.count
        for words in login { channel.writeAndFlush(RedisCommand.bytes(words), promise: nil) }
        askWhetherAlive(channel)
    }

    func heard(_ reply: RedisReply) {
        heardAt = .now()
        if loginSteps > 0 { return loggedIn(reply) }
        switch reply {
        case .fine, .failure: unanswered -= unanswered > 0 ? 1 : 0
        case .subscribed, .message: break
        }
        ears.heard(reply)
    }

    private func loggedIn(_ reply: RedisReply) {
        if case .failure(let why) = reply {
            // Redis' own words name no password.
            note(ChatError(.unavailable, "\(address): \(why)", hint: "check user, password and number in the URL"))
            channel?.close(promise: nil)
            return
        }
        loginSteps -= 1
        guard loginSteps == 0 else { return }
        wait = Limits.busRetry
        status.withLock { status in
            status.isReady = true
            status.fault = nil
        }
        ears.connected()
        resumeWaiting()
    }

    /// The connection can go on no longer, for a reason such as a certificate that is not trusted.
    func failed(_ error: any Error, _ channel: any Channel) {
        note(ChatError(.unavailable, "\(address): \(Self.reason(error))", hint: "check the URL and the trusted roots"))
        channel.close(promise: nil)
    }

    func disconnected() {
        guard channel != nil else { return }
        channel = nil
        lost(nil)
    }

    private func lost(_ error: (any Error)?) {
        if let error {
            note(ChatError(.unavailable, "\(address): \(Self.reason(error))", hint: "check that Redis runs there"))
        }
        (unanswered, loginSteps) = (0, 0)
        status.withLock { status in
            status.isReady = false
            status.unsent = 0
        }
        guard !isEnded else { return }
        let pause = wait * Double.random(in: 0.75...1.25)
        wait = min(wait * 2, Limits.busRetryAtMost)
        loop.scheduleTask(in: .milliseconds(pause.milliseconds)) { self.connect() }
    }

    private func note(_ fault: ChatError) {
        status.withLock { $0.fault = fault }
    }

    private func write(_ command: ByteBuffer) {
        guard let channel else { return }
        unanswered += 1
        let written = loop.makePromise(of: Void.self)
        written.futureResult.whenComplete { [size = command.readableBytes] _ in
            self.status.withLock { $0.unsent = max(0, $0.unsent - size) }
        }
        channel.writeAndFlush(command, promise: written)
    }

    /// A server that is gone without a word answers no PING; the next attempt then finds out.
    private func askWhetherAlive(_ channel: any Channel) {
        loop.scheduleTask(in: .milliseconds(Limits.busPing.milliseconds)) {
            guard self.channel === channel else { return }
            if NIODeadline.now() - self.heardAt > .milliseconds(3 * Limits.busPing.milliseconds) {
                return channel.close(promise: nil)
            }
            _ = self.send(RedisCommand.bytes(["PING"]))
            self.askWhetherAlive(channel)
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            guard let first = error.connectionErrors.first?.error else { return "the host is not known" }
            return reason(first)
        case let error as IOError: return error.errnoCode == ECONNREFUSED ? "connection refused" : error.description
        case is ChannelError: return "no answer"
        default: return "\(error)"
        }
    }
}

/// Reads replies off a channel for a link; confined to its event loop.
private final class RedisHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let link: RedisLink
    private let reader: RedisReader

    init?(_ link: RedisLink) {
        guard let reader = RedisReader() else { return nil }
        self.link = link
        self.reader = reader
    }

    func channelActive(context: ChannelHandlerContext) { link.connected(context.channel) }

    func channelInactive(context: ChannelHandlerContext) { link.disconnected() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard reader.feed(unwrapInboundIn(data)) else { return context.close(promise: nil) }
        while let reply = reader.next() {
            guard let reply else { return }
            link.heard(reply)
        }
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { link.failed(error, context.channel) }
}

/// TLS to a Redis server, with the system's trusted roots and those in `SSL_CERT_FILE`.
private enum RedisTLS {
    static func handler(for host: String) throws -> NIOSSLClientHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let file = getenv("SSL_CERT_FILE").map({ String(cString: $0) }), !file.isEmpty {
            configuration.additionalTrustRoots = [.file(file)]
        }
        // Addresses may not stand in SNI (RFC 6066 §3).
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(
            context: try NIOSSLContext(configuration: configuration), serverHostname: isAddress ? nil : host)
    }
}
