import NIOCore

// While a message goes out to a thousand sockets, others are stored. Sent at once they would go out in two or three
// broadcasts that take turns for ever, for whoever answers the first does so too late for the second. A short rest
// after such a broadcast brings them together; where one message is under way at a time, none is waiting then.

/// How long a room's messages wait after a broadcast that was long and during which more came.
struct BroadcastRest {
    private static let long: TimeAmount = .milliseconds(1)
    private static let longestRest: TimeAmount = .milliseconds(2)
    /// What is handed over so soon after a broadcast came while it was under way.
    private static let soon: TimeAmount = .microseconds(100)

    private var ended = NIODeadline.uptimeNanoseconds(0)
    private var took: TimeAmount = .zero

    mutating func broadcast(from begin: NIODeadline, to end: NIODeadline) {
        (ended, took) = (end, end - begin)
    }

    /// Nil when what came goes out at once.
    func due(at now: NIODeadline) -> TimeAmount? {
        guard took >= Self.long, now - ended < Self.soon else { return nil }
        return min(Self.longestRest, .nanoseconds(took.nanoseconds / 4))
    }
}
