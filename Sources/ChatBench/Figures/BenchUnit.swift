/// The unit of a figure, and how the figure is written.
enum BenchUnit: Sendable {
    /// Microseconds, written as a duration with a fitting unit; `--slo` wants a unit too.
    case latency
    case microseconds
    case milliseconds
    case count
    case perSecond
    case bytes

    /// The figure for people, rounded and with a unit that fits.
    ///
    /// - Parameter digits: significant digits; digits before the decimal point are never dropped.
    func text(_ value: Double, digits: Int = 4) -> String {
        switch self {
        case .latency, .microseconds: Self.duration(value, digits)
        case .milliseconds: Self.duration(value * 1_000, digits)
        case .count: Self.number(value, digits)
        case .perSecond: Self.number(value, digits) + "/s"
        case .bytes: Self.memory(value, digits)
        }
    }

    /// The figure in the unit that a condition of `--slo` uses, with enough digits that rounding cannot make it equal
    /// to a limit it misses.
    func exactText(_ value: Double) -> String {
        switch self {
        case .latency: Self.duration(value, 12)
        case .microseconds: Self.number(value, 9) + " µs"
        case .milliseconds: Self.number(value, 9) + " ms"
        case .count: Self.number(value, 9)
        case .perSecond: Self.number(value, 9) + "/s"
        case .bytes: Self.number(value, 9) + " B"
        }
    }

    /// Digits with group separators, and at most six decimal places.
    static func number(_ value: Double, _ digits: Int) -> String {
        // A baseline may hold any number; outside these bounds it would not fit into Int64.
        let value = min(max(value, -1e12), 1e12)
        var (places, scaled) = (0, max(abs(value), 1e-6))
        while places < 6, scaled < (1..<digits).reduce(1.0, { product, _ in product * 10 }) {
            (places, scaled) = (places + 1, scaled * 10)
        }
        let text = Decimals.text(abs(value), places: places)
        let (whole, part) = (text.prefix { $0 != "." }, text.drop { $0 != "." })
        return (value < 0 && text != "0" ? "-" : "") + Decimals.grouped(Double(whole) ?? 0) + part
    }

    private static func duration(_ microseconds: Double, _ digits: Int) -> String {
        switch abs(microseconds) {
        case ..<1e3: number(microseconds, digits) + " µs"
        case ..<1e6: number(microseconds / 1e3, digits) + " ms"
        default: number(microseconds / 1e6, digits) + " s"
        }
    }

    private static func memory(_ bytes: Double, _ digits: Int) -> String {
        let steps = [(1e9, " GB"), (1e6, " MB"), (1e3, " kB")]
        guard let (step, name) = steps.first(where: { abs(bytes) >= $0.0 }) else { return number(bytes, digits) + " B" }
        return number(bytes / step, digits) + name
    }
}
