import ChatCore
import Glibc
import Synchronization

/// How long writes wait while another process holds the file's lock: all of them together ``Limits/databaseLock``, and not each
/// as long after the one before it. A write that comes later tries once.
struct LockPatience {
    /// The first and the last time that the lock was found taken, with no success since.
    private var since: ContinuousClock.Instant?
    private var last: ContinuousClock.Instant?

    /// The lock is taken.
    ///
    /// - Parameter tries: how often this write has found it taken before.
    /// - Returns: how long to wait before the next try; nil to give up.
    mutating func pause(afterTries tries: Int, at now: ContinuousClock.Instant) -> Duration? {
        // What was found so long ago was another lock: nothing is known of the time between.
        if let last, now - last > Limits.databaseLock { since = nil }
        let begin = since ?? now
        (since, last) = (begin, now)
        guard now - begin < Limits.databaseLock else { return nil }
        return .milliseconds(tries < 100 ? 1 : 5)
    }

    /// A write has the lock.
    mutating func gotLock() { (since, last) = (nil, nil) }
}

/// The patience of a database's writing connection.
final class WritePatience: Sendable {
    private let patience = Mutex(LockPatience())

    /// Waits a moment: in steps of 1 ms, later 5 ms. SQLite's own steps grow to 100 ms, with which a direct command would hardly
    /// ever get the lock beside a busy server. Blocks the thread.
    ///
    /// - Returns: false to give up.
    func waits(afterTries tries: Int) -> Bool {
        guard let pause = patience.withLock({ $0.pause(afterTries: tries, at: .now) }) else { return false }
        usleep(UInt32(pause.milliseconds) * 1_000)
        return true
    }

    func gotLock() { patience.withLock { $0.gotLock() } }
}
