import NIOCore

/// Runs tasks on an event loop. Meant for tasks that mostly wait for the loop: otherwise each new connection would wake
/// threads of the pool before anything is known about it.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
