import ChatCore
import Glibc
import Synchronization

/// The connection that receives and sends notifications, on a thread that waits for both.
///
/// `@unchecked Sendable`: `connection`, `attempts` and `clockSet` are touched on the bus's thread only; the rest is atomic or constant.
final class PostgreSQLListener: @unchecked Sendable {
    private let driver: PostgreSQLDriver
    private let receive: @Sendable ([BusEvent]) -> Void
    private let takeOutgoing: @Sendable () -> [String]
    private let putBack: @Sendable ([String]) -> Void
    /// A socket pair: a byte written to `rings` wakes the thread that polls `hears`.
    private let bell: (hears: Int32, rings: Int32)
    private let isEnded = Atomic(false)
    private let hasConnection = Atomic(false)
    private var connection: PostgreSQLConnection?
    private let backOff = BackOff(first: Limits.busRetry, longest: Limits.busRetryAtMost)
    /// Attempts to connect since the last success.
    private var attempts = 0
    private var clockSet = ContinuousClock.now

    /// - Throws: `unavailable` when the process has no file descriptor left.
    init(
        _ driver: PostgreSQLDriver, _ receive: @escaping @Sendable ([BusEvent]) -> Void,
        takeOutgoing: @escaping @Sendable () -> [String], putBack: @escaping @Sendable ([String]) -> Void
    ) throws(ChatError) {
        var ends: [Int32] = [-1, -1]
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        guard socketpair(AF_UNIX, Int32(kind), 0, &ends) == 0 else {
            throw ChatError(.unavailable, "bus: no descriptor is left")
        }
        bell = (ends[0], ends[1])
        self.driver = driver
        self.receive = receive
        self.takeOutgoing = takeOutgoing
        self.putBack = putBack
    }

    deinit {
        close(bell.hears)
        close(bell.rings)
    }

    var isConnected: Bool { hasConnection.load(ordering: .acquiring) }

    /// Wakes the thread to send what waits. From any thread.
    func wake() {
        // A write that fails because the socket is full is not needed.
        _ = write(bell.rings, [1], 1)
    }

    /// Ends ``run()`` once what waits has been sent. From any thread.
    func end() {
        isEnded.store(true, ordering: .releasing)
        wake()
    }

    /// Connects and subscribes. Blocks the thread.
    func connect() throws(ChatError) {
        let fresh = try PostgreSQLConnection(driver.address)
        let names = try fresh.exchange([PostgreSQLCommand("SELECT \(Notifications.channel)")])
        let channel = try names.first?.rows.first?.text(0) ?? "chatctl"
        let quoted = channel.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        _ = try fresh.exchange([PostgreSQLCommand("LISTEN \"\(quoted)\"")])
        connection = fresh
        hasConnection.store(true, ordering: .releasing)
        attempts = 0
    }

    /// Receives and sends until the end. Blocks the thread.
    func run() {
        while !isEnded.load(ordering: .acquiring) {
            do throws(ChatError) {
                if connection == nil {
                    try connect()
                    receive([.gap])
                }
                try turn()
            } catch {
                connection = nil
                hasConnection.store(false, ordering: .releasing)
                pause()
            }
        }
        try? sendWaiting()
        connection = nil
    }

    private func turn() throws(ChatError) {
        guard let connection else { return }
        try sendWaiting()
        deliver(connection.takeNotifications())
        var polled = [
            pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: bell.hears, events: Int16(POLLIN), revents: 0),
        ]
        poll(&polled, 2, CInt(Limits.busPing.milliseconds))
        if polled[1].revents != 0 { drainBell() }
        if polled[0].revents != 0 { deliver(try connection.notifications()) }
        // Reading the server's clock also detects a dead connection.
        if ContinuousClock.now > clockSet + Limits.busPing {
            clockSet = .now
            try driver.clock.set(by: connection)
        }
    }

    private func sendWaiting() throws(ChatError) {
        let payloads = takeOutgoing()
        guard let connection, !payloads.isEmpty else { return putBack(payloads) }
        do throws(ChatError) {
            _ = try connection.exchange([
                PostgreSQLCommand(Notifications.statement, payloads.map { [.text($0)] })
            ])
        } catch {
            putBack(payloads)
            throw error
        }
    }

    private func deliver(_ notifications: [(payload: String, isOwn: Bool)]) {
        let events = notifications.lazy.filter { [origin = driver.origin] in
            !$0.isOwn && !Notifications.isFrom(origin, $0.payload)
        }.flatMap { Notifications.decode($0.payload) }
        if !events.isEmpty { receive(Array(events)) }
    }

    private func drainBell() {
        var rings = [UInt8](repeating: 0, count: 256)
        while read(bell.hears, &rings, rings.count) == rings.count {}
    }

    /// Waits before the next attempt to connect, or until the end.
    private func pause() {
        attempts += 1
        var polled = pollfd(fd: bell.hears, events: Int16(POLLIN), revents: 0)
        let end = ContinuousClock.now + backOff.delay(attempt: attempts, jitter: .random(in: 0...1))
        while !isEnded.load(ordering: .acquiring), end > .now {
            poll(&polled, 1, CInt(max(1, (end - .now).milliseconds)))
            drainBell()
        }
    }
}
