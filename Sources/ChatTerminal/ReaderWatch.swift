import Glibc

/// Notices that the other end of a pipe or socket was closed while nothing is written to it. GNU tail does the same.
enum ReaderWatch {
    /// Other files, and terminals, have no reader that could leave.
    static func canTell(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
    }

    static func untilCancelled() async {
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(86_400)) }
    }

    /// Returns true once the reader has gone, false once the task is cancelled.
    static func wait(for descriptor: Int32) async -> Bool {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            await untilCancelled()
            return false
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let (wake, waker) = (ends[0], ends[1])
        let hasGone = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let watch = Watch { continuation.resume(returning: poll(descriptor, or: wake)) }
                if !watch.start() { continuation.resume(returning: false) }
            }
        } onCancel: {
            _ = write(waker, [0], 1)
        }
        close(wake)
        close(waker)
        return hasGone
    }

    /// Blocks until the reader of `descriptor` has gone, or there is a byte to read from `wake`.
    private static func poll(_ descriptor: Int32, or wake: Int32) -> Bool {
        var watched = [
            pollfd(fd: descriptor, events: 0, revents: 0), pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
        ]
        while Glibc.poll(&watched, 2, -1) < 0 && errno == EINTR {}
        return watched[0].revents != 0
    }

    /// What a thread of its own does: a wait of any length must not hold a thread of the pool.
    private final class Watch: Sendable {
        private let work: @Sendable () -> Void

        init(_ work: @escaping @Sendable () -> Void) {
            self.work = work
        }

        /// Returns false, and does nothing, when the system has no thread left.
        func start() -> Bool {
            let retained = Unmanaged.passRetained(self)
            var thread = pthread_t()
            let code = pthread_create(
                &thread, nil,
                { watch in
                    if let watch { Unmanaged<Watch>.fromOpaque(watch).takeRetainedValue().work() }
                    return nil
                }, retained.toOpaque())
            guard code == 0 else {
                retained.release()
                return false
            }
            pthread_detach(thread)
            return true
        }
    }
}
