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
                let isWatched = OwnThread.run { continuation.resume(returning: poll(descriptor, or: wake)) }
                if !isWatched { continuation.resume(returning: false) }
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
}
