import NIOCore

// While a message is sent to a thousand sockets, more are stored. Sent at once, they would settle into two or three
// alternating broadcasts, because clients that answer the first do so too late for the second. A short pause after such
// a broadcast merges them; with one message in flight, nothing waits then.

/// Decides how long a room's messages wait after a long broadcast during which more arrived.
struct BroadcastRest {
    private static let long: TimeAmount = .milliseconds(1)
    private static let longestRest: TimeAmount = .milliseconds(2)
    /// Messages handed over within this time after a broadcast arrived during it.
    private static let soon: TimeAmount = .microseconds(100)

    private var ended = NIODeadline.uptimeNanoseconds(0)
    private var took: TimeAmount = .zero

    mutating func broadcast(from begin: NIODeadline, to end: NIODeadline) {
        (ended, took) = (end, end - begin)
    }

    /// The delay before the next broadcast; nil to send at once.
    func due(at now: NIODeadline) -> TimeAmount? {
        guard took >= Self.long, now - ended < Self.soon else { return nil }
        return min(Self.longestRest, .nanoseconds(took.nanoseconds / 4))
    }
}
