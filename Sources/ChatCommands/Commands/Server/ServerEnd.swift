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

    /// Waits for `work`, but not beyond the end: what has not ended by then waits for a database that does not answer. To be
    /// called once.
    func bound(_ work: @escaping @Sendable () async throws(ChatError) -> Void) async throws(ChatError) {
        let failure = await BoundedWait.run(
            { () -> ChatError? in
                do throws(ChatError) {
                    try await work()
                    return nil
                } catch {
                    return error
                }
            }, orUntil: { await self.isOver() })
        if let error = failure ?? nil { throw error }
    }

    private func isOver() async {
        for await end in begun { return (try? await Task.sleep(until: end, clock: .continuous)) ?? () }
    }
}
