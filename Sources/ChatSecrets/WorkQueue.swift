import ChatCore
import Dispatch
import Synchronization

// Work that keeps a core busy for tens of milliseconds may neither stand on the cooperative pool, where it would
// hold up everything that awaits, nor pile up: who comes when enough wait is sent away at once, which costs less
// than an answer that nobody waits for any more.

/// Runs blocking work on threads of its own, a few at a time, first come, first served.
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
    ///   - width: how much may run at once.
    ///   - depth: how much may wait besides.
    init(label: String, width: Int, depth: Int) {
        self.width = max(1, width)
        self.depth = depth
        queue = DispatchQueue(label: label, attributes: .concurrent)
    }

    /// The result of `work`, or nil at once when too much waits already.
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

    /// Runs a job and then, on the same thread, what has been waiting.
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
