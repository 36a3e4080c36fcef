/// What users who are no administrators may do so often and no more (contract §3).
package enum RatedAct: String, Sendable, CaseIterable {
    case message
    case typing
    case room
    case token
    case hook

    /// How many at once, and in which time as many come back.
    var allowance: (burst: Int, perSecond: Double) {
        switch self {
        case .message: (Limits.messageBurst, Double(Limits.messagesPerSecond))
        case .typing: (Limits.messageBurst, Double(Limits.messagesPerSecond))
        case .room, .token, .hook: (Limits.creationsPerMinute, Double(Limits.creationsPerMinute) / 60)
        }
    }

    func refusal(wait: Duration) -> ChatError {
        let rate =
            switch self {
            case .message, .typing: "\(Limits.messagesPerSecond) a second"
            case .room, .token, .hook: "\(Limits.creationsPerMinute) a minute"
            }
        return ChatError(
            .rateLimited, "\(rawValue): more than \(rate)", hint: "wait \(wait.milliseconds) ms", retryAfter: wait)
    }
}

/// One token bucket a user and kind of act. A full bucket is forgotten, so their number is bounded by the users that
/// were active within a minute.
package struct RateLimits: Sendable {
    private struct Key: Hashable {
        let user: UserID
        let act: RatedAct
    }

    private var buckets: [Key: RateLimit] = [:]
    private var sweepAt = 1_024

    package init() {}

    /// - Throws: `rateLimited` with the time to wait.
    package mutating func take(_ act: RatedAct, for user: UserID, at moment: Timestamp) throws(ChatError) {
        if buckets.count >= sweepAt {
            buckets = buckets.filter { !$0.value.isFull(at: moment) }
            sweepAt = max(1_024, buckets.count * 2)
        }
        let (burst, perSecond) = act.allowance
        let fresh = RateLimit(perSecond: perSecond, burst: burst, at: moment)
        guard let wait = buckets[Key(user: user, act: act), default: fresh].take(at: moment) else { return }
        throw act.refusal(wait: wait)
    }

    /// Gives a permit back that was taken for an act which turned out to change nothing.
    package mutating func giveBack(_ act: RatedAct, for user: UserID) {
        buckets[Key(user: user, act: act)]?.giveBack()
    }
}
