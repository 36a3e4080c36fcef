/// What the watching connection of `bench connect` learns from the room's count frames.
struct PresenceWatch {
    /// How many distinct users are in the room when all have joined; nil when that is not known.
    private let everyone: Int?
    private var frames: [UInt64] = []
    /// Since when the last frame has shown everyone.
    private(set) var settledAt: UInt64?

    init(everyone: Int?) {
        self.everyone = everyone
    }

    /// Takes a count frame in.
    mutating func take(_ count: Int, at now: UInt64) {
        frames.append(now)
        settledAt = count == everyone ? settledAt ?? now : nil
    }

    /// There is nothing more to wait for.
    var isSettled: Bool { settledAt != nil || everyone == nil }

    /// From the last join to the frame that showed everyone.
    func settledMilliseconds(after lastJoin: UInt64) -> Double? {
        settledAt.map { Double($0.since(lastJoin)) / 1e6 }
    }

    /// The most frames that arrived within one second.
    var mostPerSecond: Int {
        var (most, first) = (0, 0)
        for (index, time) in frames.enumerated() {
            // Four frames a second leave 250 ms apart; in transit they may move 25 ms closer.
            while time - frames[first] >= 975_000_000 { first += 1 }
            most = max(most, index - first + 1)
        }
        return most
    }
}
