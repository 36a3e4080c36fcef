import Synchronization

// A database that hangs answers nobody, and no cancellation reaches a thread that waits in a C library. So whoever must go on
// leaves such work behind instead of ending it. A task group cannot do that: it waits for its children.

/// Waits for work that may hang.
package enum BoundedWait {
    /// Runs `work` in a task of its own and returns its result; nil if `limit` returns first. The work is cancelled then, and
    /// nobody waits for it any longer.
    package static func run<Value: Sendable>(
        _ work: @escaping @Sendable () async -> Value, orUntil limit: @escaping @Sendable () async -> Void
    ) async -> Value? {
        let first = First<Value?>()
        let working = Task { first.set(await work()) }
        let limiting = Task {
            await limit()
            first.set(nil)
        }
        let value = await first.value
        working.cancel()
        limiting.cancel()
        return value
    }

    /// Like ``run(_:orUntil:)``, up to a moment; nil for no limit.
    package static func run<Value: Sendable>(
        until deadline: ContinuousClock.Instant?, _ work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        guard let deadline else { return await work() }
        return await run(work) {
            // A cancelled sleep has lost the race already.
            try? await Task.sleep(until: deadline, clock: .continuous)
        }
    }
}

/// The first of several values.
private final class First<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case awaited(CheckedContinuation<Value, Never>)
        case set(Value)
    }

    private let state = Mutex(State.empty)

    func set(_ value: Value) {
        let continuation = state.withLock { state -> CheckedContinuation<Value, Never>? in
            switch state {
            case .empty: state = .set(value)
            case .awaited(let continuation):
                state = .set(value)
                return continuation
            case .set: break
            }
            return nil
        }
        continuation?.resume(returning: value)
    }

    /// To be read once.
    var value: Value {
        get async {
            await withCheckedContinuation { continuation in
                let value = state.withLock { state -> Value? in
                    if case .set(let value) = state { return value }
                    state = .awaited(continuation)
                    return nil
                }
                if let value { continuation.resume(returning: value) }
            }
        }
    }
}
