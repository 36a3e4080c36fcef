import ChatCore
import Synchronization

// What ends a server may hang, each step of it: messages wait for a commit, connections for an answer, presence for the
// database. So each step has a moment after which the next one begins; a step that is done early leaves its time to the others.

/// How long each step of a server's end may take.
final class Drain: Sendable {
    private let limit: Duration
    private let began = Mutex<ContinuousClock.Instant?>(nil)
    private let (beginnings, beginning) = AsyncStream<Void>.makeStream()

    /// - Parameter limit: the time that connections have.
    init(_ limit: Duration) {
        self.limit = limit
    }

    /// The server was told to end.
    func begin() {
        began.withLock { $0 = $0 ?? .now }
        beginning.yield()
    }

    private func moment(after time: Duration) -> ContinuousClock.Instant? { began.withLock { $0.map { $0 + time } } }

    /// When accepted messages are not waited for any longer, so that connections still have time to be told of the end.
    var endOfMessages: ContinuousClock.Instant? { moment(after: max(limit * 4 / 5, Limits.leastDrain)) }

    /// When the node must have left; nil if the server ends without having been told to.
    var endOfServing: ContinuousClock.Instant? { moment(after: limit + Limits.drainServing) }

    /// Returns when connections are not waited for any longer. For one caller.
    func isOver() async {
        for await _ in beginnings { break }
        guard let end = moment(after: limit + Limits.drainConnections) else { return }
        try? await Task.sleep(until: end, clock: .continuous)
    }
}
