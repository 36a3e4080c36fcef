import ChatCore
import Dispatch
import Glibc
import Synchronization

// A message that is alone in flight waits some 50 µs for each thread that has to wake up, and under load the wake-ups
// cost more than the work. On this executor a task and the transaction it awaits run on one thread, so that there is one
// wake-up between the socket and the disk. Refused: a dispatch queue, which wakes one thread of a pool for each job and
// leaves freed memory in the allocator's cache of each.

/// A task executor with one thread, which may block. The thread ends with this object.
final class DriverThread: TaskExecutor {
    private let jobs: JobList

    /// - Parameter niceness: of the thread; see setpriority(2).
    /// - Throws: `unavailable` when the system cannot create another thread.
    init(niceness: CInt = 0) throws(ChatError) {
        jobs = JobList(niceness: niceness)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(jobs)
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<JobList>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            context.release()
            throw ChatError(.unavailable, "thread: \(String(cString: strerror(code)))", hint: "try again later")
        }
        pthread_detach(thread)
    }

    deinit { jobs.end() }

    /// True on this thread, which the caller may then block.
    var isCurrent: Bool { jobs.isCurrent }

    func enqueue(_ job: consuming ExecutorJob) { jobs.add(UnownedJob(job), for: self) }
}

/// The queue of a thread, which outlives the executor until the thread has returned.
private final class JobList: Sendable {
    private struct State {
        var jobs: [(job: UnownedJob, executor: DriverThread)] = []
        var isAsleep = false
        var isEnded = false
    }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let thread = Atomic<pthread_t>(0)
    private let niceness: CInt

    init(niceness: CInt) {
        self.niceness = niceness
    }

    var isCurrent: Bool { thread.load(ordering: .relaxed) == pthread_self() }

    func add(_ job: UnownedJob, for executor: DriverThread) { change { $0.jobs.append((job, executor)) } }

    func end() { change { $0.isEnded = true } }

    private func change(_ body: (inout State) -> Void) {
        let mustWake = state.withLock { state in
            body(&state)
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if mustWake { wake.signal() }
    }

    /// The body of the thread.
    func run() {
        thread.store(pthread_self(), ordering: .relaxed)
        // On Linux, 0 means the calling thread.
        if niceness != 0 { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
        while true {
            let (jobs, isEnded) = state.withLock { state in
                state.isAsleep = state.jobs.isEmpty && !state.isEnded
                defer { state.jobs = [] }
                return (state.jobs, state.isEnded)
            }
            for (job, executor) in jobs { job.runSynchronously(on: executor.asUnownedTaskExecutor()) }
            if !jobs.isEmpty { continue }
            if isEnded { return }
            wake.wait()
        }
    }
}
