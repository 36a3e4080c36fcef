/// Exponential back-off with jitter: the delay doubles with each attempt up to a limit, and jitter keeps the clients of
/// a restarted server from reconnecting all at once.
package struct BackOff: Sendable, Equatable {
    private let first: Duration
    private let longest: Duration

    /// - Parameters:
    ///   - first: the maximum delay before the first attempt.
    ///   - longest: the maximum delay before any attempt.
    package init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
    }

    /// The delay before attempt 1, 2, 3 …: between half of that attempt's maximum and all of it.
    ///
    /// - Parameter jitter: the position in that range, from 0 to 1; callers pass a random number.
    package func delay(attempt: Int, jitter: Double) -> Duration {
        var (most, doublings) = (min(first, longest), attempt - 1)
        while doublings > 0, most < longest {
            most = min(most * 2, longest)
            doublings -= 1
        }
        return most * (0.5 + 0.5 * jitter)
    }
}
