/// A bucket of permits that refills at a steady rate (token bucket).
package struct RateLimit: Sendable {
    private let perSecond: Double
    private let burst: Double
    private var permits: Double
    private var updated: Timestamp

    package init(perSecond: Int, burst: Int, at moment: Timestamp) {
        self.perSecond = Double(perSecond)
        self.burst = Double(burst)
        permits = Double(burst)
        updated = moment
    }

    /// Takes one permit; otherwise answers how long until there is one.
    package mutating func take(at moment: Timestamp) -> Duration? {
        let elapsed = Double(max(0, moment.milliseconds - updated.milliseconds)) / 1_000
        permits = min(burst, permits + elapsed * perSecond)
        updated = moment
        guard permits < 1 else {
            permits -= 1
            return nil
        }
        return .milliseconds(Int64(((1 - permits) / perSecond * 1_000).rounded(.up)))
    }

    /// Whether the bucket is full again and so needs no remembering.
    package func isFull(at moment: Timestamp) -> Bool {
        permits + Double(max(0, moment.milliseconds - updated.milliseconds)) / 1_000 * perSecond >= burst
    }
}

/// One bucket a user, forgotten when full; the number of buckets is bounded by the users active in seconds.
package struct RateLimits: Sendable {
    private var buckets: [UserID: RateLimit] = [:]
    private var sweepAt = 1_024

    package init() {}

    /// - Throws: `rateLimited` with the time to wait.
    package mutating func take(for user: UserID, at moment: Timestamp) throws(ChatError) {
        if buckets.count >= sweepAt {
            buckets = buckets.filter { !$0.value.isFull(at: moment) }
            sweepAt = max(1_024, buckets.count * 2)
        }
        let fresh = RateLimit(perSecond: Limits.messagesPerSecond, burst: Limits.messageBurst, at: moment)
        guard let wait = buckets[user, default: fresh].take(at: moment) else { return }
        throw ChatError(
            .rateLimited, "message: more than \(Limits.messagesPerSecond) a second",
            hint: "wait \(wait.milliseconds) ms", retryAfter: wait)
    }
}
