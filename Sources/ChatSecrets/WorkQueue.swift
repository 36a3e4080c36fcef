import ChatCore
import Dispatch
import Synchronization

// Work that keeps a core busy for tens of milliseconds must not run on the cooperative pool, where it would delay
// everything that awaits, and must not pile up: once the queue is full, new work is refused at once, which is cheaper
// than a result that nobody waits for any more.

/// Runs blocking work on threads of its own, a few jobs at a time, in FIFO order.
final class WorkQueue: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State {
        var running = 0
        var waiting: [Job] = []
    }

    private let width: Int
    private let depth: Int
    private let queue: DispatchQueue
    private let state = Mutex(State())

    /// - Parameters:
    ///   - width: how many jobs may run at once.
    ///   - depth: how many more may wait.
    init(label: String, width: Int, depth: Int) {
        self.width = max(1, width)
        self.depth = depth
        queue = DispatchQueue(label: label, attributes: .concurrent)
    }

    /// Runs `work` and returns its result; returns nil at once if the queue is full.
    func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            let isAdmitted = admit { continuation.resume(returning: work()) }
            if !isAdmitted { continuation.resume(returning: nil) }
        }
    }

    private func admit(_ job: @escaping Job) -> Bool {
        let (isAdmitted, startsNow) = state.withLock { state in
            if state.running < width {
                state.running += 1
                return (true, true)
            }
            guard state.waiting.count < depth else { return (false, false) }
            state.waiting.append(job)
            return (true, false)
        }
        if startsNow { queue.async { self.runAll(from: job) } }
        return isAdmitted
    }

    /// Runs a job and then, on the same thread, waiting jobs until there are none.
    private func runAll(from first: @escaping Job) {
        var job: Job? = first
        while let present = job {
            present()
            job = state.withLock { state in
                guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
                state.running -= 1
                return nil
            }
        }
    }
}
