/// Counts attempts to log in or to sign up by name and by address, and refuses more than ``Limits/loginAttempts`` a minute,
/// or as many as it is told. An attempt counts from its beginning, so that guesses sent at once are not all judged.
package struct LoginGuard: Sendable {
    private var attempts: [String: [Timestamp]] = [:]
    private var sweepAt = 1_024
    private let act: String
    private let most: Int

    /// - Parameters:
    ///   - act: what is attempted, for the error.
    ///   - most: attempts a minute.
    package init(_ act: String = "log-in", most: Int = Limits.loginAttempts) {
        self.act = act
        self.most = most
    }

    /// Counts an attempt before its password is looked at.
    ///
    /// - Throws: `rateLimited` when one of the keys has too many attempts in the last minute.
    package mutating func begin(_ keys: [String], at moment: Timestamp) throws(ChatError) {
        for key in keys {
            let recent = (attempts[key] ?? []).filter { $0 > moment - .seconds(60) }
            guard recent.count >= most, let oldest = recent.first else { continue }
            let wait = Duration.milliseconds(max(1, (oldest + .seconds(60)).milliseconds - moment.milliseconds))
            throw ChatError(.rateLimited, "\(act): too many attempts", hint: "wait a minute", retryAfter: wait)
        }
        if attempts.count >= sweepAt {
            attempts = attempts.filter { ($0.value.last ?? moment) > moment - .seconds(60) }
            sweepAt = max(1_024, attempts.count * 2)
        }
        for key in keys {
            attempts[key, default: []].append(moment)
            if attempts[key, default: []].count > most { attempts[key]?.removeFirst() }
        }
    }

    /// Takes back an attempt that succeeded or was not judged.
    package mutating func forget(_ keys: [String], begunAt moment: Timestamp) {
        for key in keys {
            guard let index = attempts[key]?.lastIndex(of: moment) else { continue }
            attempts[key]?.remove(at: index)
            if attempts[key]?.isEmpty == true { attempts[key] = nil }
        }
    }
}
