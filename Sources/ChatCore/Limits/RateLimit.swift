/// A token bucket: permits refill at a steady rate.
package struct RateLimit: Sendable {
    private let perSecond: Double
    private let burst: Double
    private var permits: Double
    private var updated: Timestamp

    /// - Parameter burst: the capacity of the bucket; a new bucket is full.
    package init(perSecond: Double, burst: Int, at moment: Timestamp) {
        self.perSecond = perSecond
        self.burst = Double(burst)
        permits = Double(burst)
        updated = moment
    }

    /// Takes one permit and returns nil, or returns how long until one is available.
    package mutating func take(at moment: Timestamp) -> Duration? {
        permits = available(at: moment)
        updated = moment
        guard permits < 1 else {
            permits -= 1
            return nil
        }
        return .milliseconds(Int64(((1 - permits) / perSecond * 1_000).rounded(.up)))
    }

    package mutating func giveBack() { permits = min(burst, permits + 1) }

    /// True if the bucket is full and can be forgotten.
    package func isFull(at moment: Timestamp) -> Bool { available(at: moment) >= burst }

    /// A clock that was set back refills nothing.
    private func available(at moment: Timestamp) -> Double {
        let elapsed = Double(max(0, moment.milliseconds - updated.milliseconds)) / 1_000
        return min(burst, permits + elapsed * perSecond)
    }
}
