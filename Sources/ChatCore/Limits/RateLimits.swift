/// Acts with a rate limit for users who are not administrators.
package enum RatedAct: String, Sendable, CaseIterable {
    case message
    case typing
    case room
    case token
    case hook
    case search
    /// A change of a room, its members or a profile.
    case change
    /// A change of a password: each costs a hash.
    case password

    /// The burst, and the permits that refill per second.
    var allowance: (burst: Int, perSecond: Double) {
        switch self {
        case .message: (Limits.messageBurst, Double(Limits.messagesPerSecond))
        case .typing: (Limits.messageBurst, Double(Limits.messagesPerSecond))
        case .room, .token, .hook: (Limits.creationsPerMinute, Double(Limits.creationsPerMinute) / 60)
        case .change: (Limits.changesPerMinute, Double(Limits.changesPerMinute) / 60)
        case .search: (Limits.searchBurst, Double(Limits.searchesPerSecond))
        case .password: (Limits.loginAttempts, Double(Limits.loginAttempts) / 60)
        }
    }

    func refusal(wait: Duration) -> ChatError {
        let rate =
            switch self {
            case .message, .typing: "\(Limits.messagesPerSecond) a second"
            case .room, .token, .hook: "\(Limits.creationsPerMinute) a minute"
            case .change: "\(Limits.changesPerMinute) a minute"
            case .search: "\(Limits.searchesPerSecond) a second"
            case .password: "\(Limits.loginAttempts) a minute"
            }
        return ChatError(
            .rateLimited, "\(rawValue): more than \(rate)", hint: "wait \(wait.milliseconds) ms", retryAfter: wait)
    }
}

/// Token buckets, one for each user and kind of act. Full buckets are forgotten, so their number is bounded by the
/// users active within the last minute.
package struct RateLimits: Sendable {
    private struct Key: Hashable {
        let user: UserID
        let act: RatedAct
    }

    private var buckets: [Key: RateLimit] = [:]
    private var sweepAt = 1_024

    package init() {}

    /// Takes one permit.
    ///
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

    /// Returns a permit that was taken for an act which changed nothing.
    package mutating func giveBack(_ act: RatedAct, for user: UserID) {
        buckets[Key(user: user, act: act)]?.giveBack()
    }
}
