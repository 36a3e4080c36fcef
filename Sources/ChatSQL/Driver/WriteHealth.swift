import ChatCore
import Synchronization

/// Remembers whether commits fail because the database cannot take them, so that a server can say that it is not ready. A
/// node renews its lease every few seconds, so there is always a recent commit.
package final class WriteHealth: Sendable {
    private struct State {
        var fault: ChatError?
        var failedAt = ContinuousClock.now
        var hasSucceededSince = true
    }

    /// A full disk takes a small commit and refuses the next one: one success is no recovery.
    private static let doubt: Duration = .seconds(5)

    private let state = Mutex(State())

    package init() {}

    package var fault: ChatError? {
        state.withLock { state in
            if state.hasSucceededSince, state.failedAt + Self.doubt <= .now { state.fault = nil }
            return state.fault
        }
    }

    package func succeeded() { state.withLock { $0.hasSucceededSince = true } }

    /// Errors that are the caller's fault say nothing about the database.
    package func failed(_ error: ChatError) {
        guard error.code == .unavailable else { return }
        state.withLock { $0 = State(fault: error, failedAt: .now, hasSucceededSince: false) }
    }
}
