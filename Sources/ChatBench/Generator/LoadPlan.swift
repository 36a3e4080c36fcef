import ChatCore

/// How much is posted, by whom and how fast.
package struct LoadPlan: Sendable {
    /// Bytes of a body unless something else is asked for.
    package static let usualPayload = 128

    package var clients = 100
    package var publishers = 1
    /// Messages that each publisher may have in flight (closed loop).
    package var window = 1
    /// Messages per second of all publishers together, on a fixed schedule (open loop); nil for a closed loop.
    package var rate: Double?
    package var payload = usualPayload
    package var duration: Duration = .seconds(10)
    /// Ends the run after this number of messages, if that comes before ``duration``.
    package var messages: Int?
    package var warmUp: Duration = .seconds(1)

    package init() {}

    /// The width of a timeline interval in nanoseconds: about 120 in a run, none shorter than 100 ms.
    var intervalWidth: UInt64 { max(100_000_000, duration.wholeNanoseconds / 120) }

    /// The settings that identify a run, in the order they are shown.
    var settings: [(name: String, value: String)] {
        let seconds = Double(duration.milliseconds) / 1_000
        let pace =
            rate.map { (name: "rate", value: Decimals.text($0, places: 2) + " per second") }
            ?? (name: "window", value: String(window))
        return [
            ("clients", String(clients)), ("publishers", String(publishers)), pace,
            ("payload", "\(payload) bytes"), ("duration", "\(Decimals.text(seconds, places: 3)) s"),
        ]
    }
}

extension Duration {
    /// Zero for a negative duration.
    var wholeNanoseconds: UInt64 { UInt64(max(0, milliseconds)) * 1_000_000 }
}
