import ChatCore
import Dispatch
import Glibc
import Synchronization

// Whoever is alone on the way waits for each thread that has to wake up, some 50 µs every time, and in a crowd the waking
// costs more than the work. On this executor a task and the transaction it waits for run on one thread, so between the
// socket and the disk nobody wakes twice. It is a thread of its own and no dispatch queue, which would wake one of a
// pool for each job and leave a freed piece of memory for each in the pool's caches.

/// Runs tasks on a thread that may block, one job after the other; the thread ends with this object.
final class DriverThread: TaskExecutor {
    private let jobs = JobList()

    /// - Throws: `unavailable` when the system gives no more threads.
    init() throws(ChatError) {
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

    /// Whether the caller runs on this thread, and so may block it.
    var isCurrent: Bool { jobs.isCurrent }

    func enqueue(_ job: consuming ExecutorJob) { jobs.add(UnownedJob(job), for: self) }
}

/// What a thread has to do.
private final class JobList: Sendable {
    private struct State {
        var jobs: [(job: UnownedJob, executor: DriverThread)] = []
        var isAsleep = false
        var isEnded = false
    }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let thread = Atomic<pthread_t>(0)

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

    /// The thread's whole life.
    func run() {
        thread.store(pthread_self(), ordering: .relaxed)
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
