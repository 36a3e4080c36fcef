import ChatCore

/// What is known about a server that cannot be reached. Decides who may try to connect.
struct PostgreSQLOutage {
    private var error: ChatError?
    /// Until then nobody else may try.
    private var end: ContinuousClock.Instant?

    /// Asks to connect: returns nil to the caller who may try, and to all others the error of the last attempt. They may
    /// try again once that attempt must have ended.
    mutating func admit(at moment: ContinuousClock.Instant) -> ChatError? {
        guard let error, let end else { return nil }
        if moment < end { return error }
        self.end = moment + Limits.connect
        return nil
    }

    /// An attempt has failed.
    mutating func failed(_ error: ChatError, at moment: ContinuousClock.Instant) {
        (self.error, end) = (error, moment + Limits.databaseRetry)
    }

    /// An attempt has succeeded.
    mutating func ended() {
        (error, end) = (nil, nil)
    }
}
