import ChatCore
import ChatTLS
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A connection to a Redis server that logs in, detects a dead server by PING, and reconnects with back-off.
///
/// `@unchecked Sendable`: `status` is behind its mutex; everything else is touched on `loop` only.
final class RedisLink: @unchecked Sendable {
    /// What the owner of a link is told, on the event loop.
    struct Callbacks: Sendable {
        /// A connection was made and has logged in.
        var connected: @Sendable () -> Void = {}
        var heard: @Sendable (RedisReply) -> Void = { _ in }
    }

    /// The state that any thread may read.
    private struct Status {
        var isReady = false
        /// Bytes handed to the channel and not yet written to the socket.
        var unsent = 0
        var fault: ChatError?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    let address: RedisAddress
    private let loop: any EventLoop
    private let callbacks: Callbacks
    private let status = Mutex(Status())
    private var channel: (any Channel)?
    /// Commands in flight.
    private var unanswered = 0
    /// Replies that complete the log-in.
    private var loginSteps = 0
    private let backOff = BackOff(first: Limits.busRetry, longest: Limits.busRetryAtMost)
    /// Attempts to connect since the last log-in.
    private var attempts = 0
    private var isEnded = false
    private var heardAt = NIODeadline.now()

    init(_ address: RedisAddress, on loop: any EventLoop, _ callbacks: Callbacks) {
        self.address = address
        self.loop = loop
        self.callbacks = callbacks
    }

    // MARK: From any thread

    var isReady: Bool { status.withLock { $0.isReady } }

    /// Why nothing can be sent, nil when it can.
    var fault: ChatError? {
        status.withLock { status in
            if status.isReady { return nil }
            return (status.fault ?? ChatError(.unavailable, "\(address): not connected")).of(.redis)
        }
    }

    /// Starts to connect, and keeps connecting until the end.
    func begin() {
        loop.execute { self.connect() }
    }

    /// Returns once the link is ready or `limit` has passed.
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

    /// Queues a command. Returns false, and sends nothing, while the link is down or its backlog is full.
    func send(_ command: ByteBuffer) -> Bool {
        let isTaken = status.withLock { status in
            guard status.isReady, status.unsent <= Limits.busBacklogBytes else { return false }
            status.unsent += command.readableBytes
            return true
        }
        if isTaken { loop.execute { self.write(command) } }
        return isTaken
    }

    /// Closes the connection, on request only after the replies to what was sent, or ``Limits/busFlush``.
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
                        try channel.pipeline.syncOperations.addHandler(ClientTLS().handler(for: address.host))
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
        keepAlive(channel)
    }

    func heard(_ reply: RedisReply) {
        heardAt = .now()
        if loginSteps > 0 { return loggedIn(reply) }
        switch reply {
        case .fine, .failure: unanswered -= unanswered > 0 ? 1 : 0
        case .subscribed, .message: break
        }
        callbacks.heard(reply)
    }

    private func loggedIn(_ reply: RedisReply) {
        if case .failure(let why) = reply {
            // Redis repeats no password in its errors.
            note(ChatError(.unavailable, "\(address): \(why)", hint: "check user, password and number in the URL"))
            channel?.close(promise: nil)
            return
        }
        loginSteps -= 1
        guard loginSteps == 0 else { return }
        attempts = 0
        status.withLock { status in
            status.isReady = true
            status.fault = nil
        }
        callbacks.connected()
        resumeWaiting()
    }

    /// Gives up a connection after an error in its pipeline, such as a certificate that is not trusted.
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
        attempts += 1
        let delay = backOff.delay(attempt: attempts, jitter: .random(in: 0...1))
        loop.scheduleTask(in: .milliseconds(delay.milliseconds)) { self.connect() }
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

    /// Sends PING now and then, and closes a connection on which nothing has arrived for three intervals.
    private func keepAlive(_ channel: any Channel) {
        loop.scheduleTask(in: .milliseconds(Limits.busPing.milliseconds)) {
            guard self.channel === channel else { return }
            if NIODeadline.now() - self.heardAt > .milliseconds(3 * Limits.busPing.milliseconds) {
                return channel.close(promise: nil)
            }
            _ = self.send(RedisCommand.bytes(["PING"]))
            self.keepAlive(channel)
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
