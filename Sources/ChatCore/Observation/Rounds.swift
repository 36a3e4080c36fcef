import Synchronization

/// Notices periodic tasks that do not come round any more: a server whose timer hangs looks healthy, and no longer renews its
/// lease or ends dead connections.
package final class Rounds: Sendable {
    private let last = Mutex<[String: ContinuousClock.Instant]>([:])

    init() {}

    /// The periodic task of this name has come round.
    package func came(_ name: String, at moment: ContinuousClock.Instant = .now) { last.withLock { $0[name] = moment } }

    /// Waits for none of them any longer.
    func end() { last.withLock { $0 = [:] } }

    /// The task that is latest, if that is longer than ``Limits/lateRound``.
    ///
    /// - Returns: an error of the part `heartbeats`; nil if all came in time.
    func fault(at moment: ContinuousClock.Instant = .now) -> ChatError? {
        guard let (name, came) = last.withLock({ last in last.min { $0.value < $1.value } }),
            moment - came > Limits.lateRound
        else { return nil }
        let seconds = (moment - came).components.seconds
        return ChatError(.unavailable, "heartbeats: \(name) has not come round for \(seconds) s").of(.heartbeats)
    }
}
