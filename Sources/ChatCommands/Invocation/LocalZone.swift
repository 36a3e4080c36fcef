import ChatCore

/// A time zone, as the difference of its clocks from UTC at each moment.
package struct LocalZone: Sendable {
    /// Seconds east of UTC.
    private let offset: @Sendable (Timestamp) -> Int

    package init(_ offset: @escaping @Sendable (Timestamp) -> Int) {
        self.offset = offset
    }

    package static let utc = LocalZone { _ in 0 }

    /// For people: `17:26:56`, and with the date when that is not the date of `now`.
    func clock(_ moment: Timestamp, now: Timestamp) -> String {
        let (text, today) = (shifted(moment), shifted(now))
        let time = text.dropFirst(11).prefix(8)
        return text.prefix(10) == today.prefix(10) ? String(time) : "\(text.prefix(10)) \(time)"
    }

    /// For programs: RFC 3339 with the zone's offset.
    func rfc3339(_ moment: Timestamp) -> String {
        let minutes = offset(moment) / 60
        guard minutes != 0 else { return moment.rfc3339 }
        let (hours, rest) = abs(minutes).quotientAndRemainder(dividingBy: 60)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        return "\(shifted(moment).dropLast())\(minutes < 0 ? "-" : "+")\(two(hours)):\(two(rest))"
    }

    /// What the zone's clocks show, as if it were UTC.
    private func shifted(_ moment: Timestamp) -> String { (moment + .seconds(offset(moment))).rfc3339 }
}
