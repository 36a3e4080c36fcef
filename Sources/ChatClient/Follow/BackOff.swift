/// How long to wait before the next attempt: twice as long each time, with jitter so that the clients of a
/// restarted server do not come back all at once.
enum BackOff {
    /// The wait before attempt 1, 2, 3 …, between half and all of 100 ms, 200 ms … 2 s.
    ///
    /// - Parameter chance: 0 to 1, where in the range.
    static func delay(attempt: Int, chance: Double) -> Duration {
        let most = min(2_000, 100 << min(max(attempt, 1) - 1, 5))
        return .milliseconds(Int64(Double(most) * (0.5 + 0.5 * chance)))
    }
}
