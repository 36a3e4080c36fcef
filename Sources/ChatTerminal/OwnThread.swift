import Glibc

/// A thread for work that may block for any length of time, which would hold a thread of the pool.
final class OwnThread: Sendable {
    private let work: @Sendable () -> Void

    private init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }

    /// Returns false, and does nothing, when the system has no thread left.
    static func run(_ work: @escaping @Sendable () -> Void) -> Bool {
        let retained = Unmanaged.passRetained(OwnThread(work))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { thread in
                if let thread { Unmanaged<OwnThread>.fromOpaque(thread).takeRetainedValue().work() }
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
