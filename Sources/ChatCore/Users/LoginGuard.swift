/// Counts failed log-ins by name and by address, and refuses more than ``Limits/failedLogins`` a minute.
package struct LoginGuard: Sendable {
    private var failures: [String: [Timestamp]] = [:]
    private var sweepAt = 1_024

    package init() {}

    /// - Throws: `rateLimited` when one of the keys has failed too often in the last minute.
    package func check(_ keys: [String], at moment: Timestamp) throws(ChatError) {
        for key in keys {
            let recent = (failures[key] ?? []).filter { $0 > moment - .seconds(60) }
            guard recent.count >= Limits.failedLogins, let oldest = recent.first else { continue }
            let wait = Duration.milliseconds(max(1, (oldest + .seconds(60)).milliseconds - moment.milliseconds))
            throw ChatError(.rateLimited, "log-in: too many failed attempts", hint: "wait a minute", retryAfter: wait)
        }
    }

    package mutating func failed(_ keys: [String], at moment: Timestamp) {
        if failures.count >= sweepAt {
            failures = failures.filter { ($0.value.last ?? moment) > moment - .seconds(60) }
            sweepAt = max(1_024, failures.count * 2)
        }
        for key in keys {
            failures[key, default: []].append(moment)
            if failures[key, default: []].count > Limits.failedLogins { failures[key]?.removeFirst() }
        }
    }
}
