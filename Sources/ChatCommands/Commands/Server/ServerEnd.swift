import ChatCore
import Synchronization

/// The time in which a server that was told to end must have ended, whatever hangs.
final class ServerEnd: Sendable {
    private let limit: Duration
    private let moment = Mutex<ContinuousClock.Instant?>(nil)
    private let begun: AsyncStream<ContinuousClock.Instant>
    private let begin: AsyncStream<ContinuousClock.Instant>.Continuation

    /// - Parameter drain: the time that connections have.
    init(drain: Duration) {
        limit = drain + Limits.drainAll
        (begun, begin) = AsyncStream.makeStream()
    }

    /// When everything must have ended; nil before the server was told to.
    var deadline: ContinuousClock.Instant? { moment.withLock { $0 } }

    /// The server is told to end; no-op when it was told before.
    func start() {
        let end = moment.withLock { moment -> ContinuousClock.Instant? in
            guard moment == nil else { return nil }
            moment = .now + limit
            return moment
        }
        if let end { begin.yield(end) }
    }

    /// Returns when the time is over. For one caller.
    func isOver() async {
        for await end in begun { return (try? await Task.sleep(until: end, clock: .continuous)) ?? () }
    }
}
