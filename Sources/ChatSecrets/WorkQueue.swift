import ChatCore
import Glibc
import Synchronization

// Work that keeps a core busy for tens of milliseconds has threads of its own: on the cooperative pool or on Dispatch's
// threads, of which there is one for each core, it would keep database reads waiting. The threads have a low priority, so
// that they get what the others leave. Work must not pile up either: once the queue is full, new work is refused at once,
// which is cheaper than a result that nobody waits for any more.

/// Runs blocking work on threads of its own, a few jobs at a time, in FIFO order.
final class WorkQueue: Sendable {
    typealias Job = @Sendable () -> Void

    /// The nice value of the threads; see setpriority(2).
    private static let niceness: CInt = 15

    private struct State {
        var running = 0
        var waiting: [Job] = []
    }

    private let width: Int
    private let depth: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - width: how many jobs may run at once.
    ///   - depth: how many more may wait.
    init(width: Int, depth: Int) {
        self.width = max(1, width)
        self.depth = depth
    }

    /// Runs `work` and returns its result; returns nil at once if the queue is full or there is no thread to be had.
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
        guard startsNow else { return isAdmitted }
        if startThread(with: job) { return true }
        state.withLock { $0.running -= 1 }
        return false
    }

    /// What a new thread takes over.
    private final class Start: Sendable {
        let queue: WorkQueue
        let job: Job

        init(_ queue: WorkQueue, _ job: @escaping Job) {
            self.queue = queue
            self.job = job
        }
    }

    /// Starts a thread that runs `job` and then waiting jobs until there are none.
    private func startThread(with job: @escaping Job) -> Bool {
        var thread = pthread_t()
        let start = Unmanaged.passRetained(Start(self, job))
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
                // On Linux, 0 means the calling thread.
                setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, WorkQueue.niceness)
                start.queue.runAll(from: start.job)
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

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
