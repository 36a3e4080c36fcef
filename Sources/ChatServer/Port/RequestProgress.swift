/// How far the requests of an HTTP connection have come in, and the answers gone out. Decides without I/O; requests may be
/// pipelined.
struct RequestProgress {
    /// What the deadline of an incomplete request must do.
    enum Deadline: Equatable {
        case start
        case stop
        case keep
    }

    /// What to do with a request that has not come in whole in time.
    enum Expiry: Equatable {
        /// Answer 408 and close.
        case refuse
        /// Close: nothing was asked, or the answer has begun.
        case close
    }

    /// Bytes of a request have come, and not its end.
    private var isReceiving = false
    private var hasHeard = false
    private var received = 0
    private var begun = 0
    private var answered = 0

    /// Bytes arrived, before they are parsed.
    mutating func tookBytes() -> Deadline {
        hasHeard = true
        guard !isReceiving else { return .keep }
        isReceiving = true
        return .start
    }

    /// The end of a request was parsed.
    mutating func tookEnd() -> Deadline {
        isReceiving = false
        received += 1
        return .stop
    }

    /// The head of an answer goes out. Returns true if the connection must close after it, because the rest of the request
    /// was not waited for.
    mutating func beganAnswer() -> Bool {
        begun += 1
        return begun > received
    }

    mutating func endedAnswer() { answered += 1 }

    /// An answer to an earlier request would come after ours, so it is not waited for.
    func expired() -> Expiry { hasHeard && begun == answered && received <= answered ? .refuse : .close }
}
