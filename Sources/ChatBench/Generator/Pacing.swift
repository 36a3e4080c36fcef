/// The send times of an open loop: one message every 1/rate seconds, whether the server keeps up or not.
///
/// Latency counts from the scheduled time and not from the actual send, so a server that stalls cannot hide the
/// messages that should have been sent meanwhile (coordinated omission).
struct SendSchedule {
    private let start: UInt64
    private let end: UInt64
    private let rate: Double
    private let count: Int
    /// Messages that were taken so far.
    private(set) var taken = 0

    /// - Parameters:
    ///   - rate: messages per second.
    ///   - count: ends the schedule earlier.
    init(from start: UInt64, to end: UInt64, rate: Double, count: Int?) {
        self.start = start
        self.end = end
        self.rate = rate
        self.count = count ?? .max
    }

    /// When the next message is due; nil at the end of the schedule.
    var next: UInt64? {
        let time = start + UInt64(Double(taken) * 1e9 / rate)
        return taken < count && time < end ? time : nil
    }

    /// Takes the next message if it is due: its number and its scheduled time.
    mutating func takeDue(at now: UInt64) -> (number: Int, time: UInt64)? {
        guard let next, next <= now else { return nil }
        defer { taken += 1 }
        return (taken, next)
    }

    /// How long to block in epoll, at most `limit`. The last millisecond is spent polling: the kernel wakes late.
    func wait(at now: UInt64, limit: Int32) -> Int32 {
        guard let next else { return 0 }
        return Int32(min(UInt64(limit), next.since(now) / 1_000_000))
    }
}

/// Notices that a counter has not moved for too long.
struct StallTimer {
    private let limit: UInt64
    private var seen: Int
    private var movedAt: UInt64

    init(limit: UInt64, at now: UInt64, count: Int = 0) {
        self.limit = limit
        seen = count
        movedAt = now
    }

    /// Takes a reading of the counter and answers if the last change is more than the limit ago.
    mutating func isStalled(_ count: Int, at now: UInt64) -> Bool {
        if count != seen { (seen, movedAt) = (count, now) }
        return now.since(movedAt) > limit
    }
}
