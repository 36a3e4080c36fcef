import ChatCore
import Logging
import Synchronization

// What an operator must know about a running server: outages and recoveries of its parts, failed log-ins, dropped
// clients and limits reached, one line each. Repetition is throttled: after the first line of a kind, those of the next
// minute are only counted, and the next line includes the count.

/// Logs a server's observations.
package final class ServerLog: Observer {
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let throttle = Mutex(LogThrottle())

    package init(logger: Logger, clock: WallClock) {
        self.logger = logger
        now = clock.now
    }

    package func observe(_ observation: Observation) {
        guard let line = LogLine(observation) else { return }
        guard let skipped = throttle.withLock({ $0.pass(line.kind, at: now(), allowing: line.perMinute) }) else {
            return
        }
        let more = skipped > 0 ? " (and \(skipped) more like it since the last such line)" : ""
        logger.log(level: line.level, "\(line.text)\(more)")
    }
}

/// The log line for an observation.
struct LogLine: Equatable {
    let level: Logger.Level
    /// Lines of one kind are throttled together.
    let kind: String
    let text: String
    /// How many of a kind pass per minute: every outage must be told, though it follows another.
    var perMinute: Int { level == .warning ? 1 : 20 }

    /// Nil for observations that only feed metrics.
    init?(_ observation: Observation) {
        switch observation {
        case .failed(let part, let reason):
            self.init(.error, "\(part.rawValue) failed", "\(part.rawValue): unavailable: \(reason)")
        case .recovered(let part, let outage):
            self.init(
                .notice, "\(part.rawValue) recovered", "\(part.rawValue): in use again after \(outage.milliseconds) ms")
        case .loginFailed(let name, let address):
            self.init(.warning, "log-in \(address)", "log-in failed: user \(name) from \(address)")
        case .droppedAsTooSlow(let user, let address):
            self.init(
                .warning, "too slow \(user)",
                "connection dropped: \(user) from \(address) too slow, its messages filled the buffer")
        case .limited(let act, let user):
            self.init(
                .warning, "limited \(act.rawValue) \(user.value)",
                "rate limit reached: \(act.rawValue) of user number \(user.value)")
        case .tooManyConnections(let user):
            self.init(
                .warning, "connections \(user)",
                "connection refused: \(user) holds \(Limits.connectionsPerUser) already")
        case .cannotAccept(let reason):
            self.init(.warning, "accept", "connections wait: \(reason): raise the limit of open files (ulimit -n)")
        case .committed, .delivered, .joined, .refused: return nil
        }
    }

    private init(_ level: Logger.Level, _ kind: String, _ text: String) {
        self.level = level
        self.kind = kind
        self.text = text
    }
}

/// Passes a few lines of a kind per minute and counts the others.
struct LogThrottle {
    private struct Kind {
        var since: Timestamp
        var shown = 1
        var skipped = 0
    }

    private static let pause: Duration = .seconds(60)
    /// Further kinds are counted as one.
    private static let mostKinds = 1_000

    private var kinds: [String: Kind] = [:]

    /// Returns how many lines of this kind were suppressed since the last one shown; nil if this one is suppressed too.
    ///
    /// - Parameter most: how many lines of the kind may be shown per minute.
    mutating func pass(_ kind: String, at moment: Timestamp, allowing most: Int = 1) -> Int? {
        if kinds.count >= Self.mostKinds {
            kinds = kinds.filter { $0.value.since + Self.pause > moment }
        }
        let name = kinds.count < Self.mostKinds || kinds[kind] != nil ? kind : "others"
        guard let known = kinds[name], known.since + Self.pause > moment, known.since <= moment else {
            let skipped = kinds[name]?.skipped ?? 0
            kinds[name] = Kind(since: moment)
            return skipped
        }
        guard known.shown < most else {
            kinds[name]?.skipped += 1
            return nil
        }
        kinds[name]?.shown += 1
        return 0
    }
}
