import Dispatch

// Whoever is alone on the way waits for each thread that has to wake up, some 50 µs every time, and in a crowd the waking
// costs more than the work. On this executor a task and the transaction it waits for run on one thread, so between the
// socket and the disk nobody wakes twice.

/// Runs tasks on a thread that may block, one job after the other.
final class DriverThread: TaskExecutor {
    private static let key = DispatchSpecificKey<ObjectIdentifier>()
    private let queue: DispatchQueue

    init(_ label: String) {
        queue = DispatchQueue(label: label, qos: .userInitiated)
        queue.setSpecific(key: Self.key, value: ObjectIdentifier(self))
    }

    /// Whether the caller runs on this thread, and so may block it.
    var isCurrent: Bool { DispatchQueue.getSpecific(key: Self.key) == ObjectIdentifier(self) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
