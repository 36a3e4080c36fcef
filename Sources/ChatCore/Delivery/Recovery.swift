import Synchronization

/// Repeats a catch-up until it succeeds, one at a time. A request made meanwhile leads to one more run, because what it is
/// about may have happened after the present run looked.
final class Recovery: Sendable {
    private enum State {
        case idle, running, requested, stopped
    }

    private let state = Mutex(State.idle)
    private let pause: Duration

    /// - Parameter pause: between two attempts.
    init(pause: Duration = Limits.gapRetry) {
        self.pause = pause
    }

    /// Returns at once; the catch-up runs in a task of its own.
    func request(_ catchUp: @escaping @Sendable () async throws(ChatError) -> Void) {
        let starts = state.withLock { state in
            switch state {
            case .idle:
                state = .running
                return true
            case .running, .requested:
                state = .requested
                return false
            case .stopped: return false
            }
        }
        if starts { Task { await run(catchUp) } }
    }

    /// Makes no further attempt.
    func stop() { state.withLock { $0 = .stopped } }

    private func run(_ catchUp: @Sendable () async throws(ChatError) -> Void) async {
        repeat {
            do throws(ChatError) { try await catchUp() } catch {
                state.withLock { if $0 == .running { $0 = .requested } }
                try? await Task.sleep(for: pause)
            }
        } while hasMore()
    }

    private func hasMore() -> Bool {
        state.withLock { state in
            switch state {
            case .requested:
                state = .running
                return true
            case .running:
                state = .idle
                return false
            case .idle, .stopped: return false
            }
        }
    }
}
