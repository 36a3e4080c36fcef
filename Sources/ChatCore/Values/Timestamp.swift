/// A moment in UTC, in whole milliseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Hashable, Comparable, Sendable, Codable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment that much later; the last or the first one that can be told when there is none: moments come from
    /// databases and clients too, and none of them may end the process.
    package static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        let (sum, overflow) = moment.milliseconds.addingReportingOverflow(duration.milliseconds)
        return Timestamp(milliseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    package static func - (moment: Timestamp, duration: Duration) -> Timestamp {
        let (sum, overflow) = moment.milliseconds.subtractingReportingOverflow(duration.milliseconds)
        return Timestamp(milliseconds: overflow ? (duration < .zero ? .max : .min) : sum)
    }
}

extension Timestamp {
    /// When something ends that begins now and lasts for `life`; nil for what has no end.
    ///
    /// - Parameter what: names what lasts, in the error.
    /// - Throws: `invalidInput` for a life that is not in ``Limits/lives``.
    func end(ofLife life: Duration?, of what: String) throws(ChatError) -> Timestamp? {
        guard let life else { return nil }
        guard Limits.lives.contains(life) else {
            throw ChatError(.invalidInput, "\(what): its duration is not from 1 s to 10 years")
        }
        return self + life
    }
}

/// A source of wall-clock time, passed as an argument so that tests can control it.
package struct WallClock: Sendable {
    package let now: @Sendable () -> Timestamp

    package init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }
}

extension Duration {
    /// This duration in whole milliseconds, truncated; the greatest number there is for a longer one.
    package var milliseconds: Int64 {
        let (whole, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000)
        guard !overflow else { return components.seconds < 0 ? .min : .max }
        let (sum, isOver) = whole.addingReportingOverflow(components.attoseconds / 1_000_000_000_000_000)
        return isOver ? (whole < 0 ? .min : .max) : sum
    }
}
