/// What a figure is measured in, and how it reads.
enum BenchUnit: Sendable {
    /// Microseconds that a reader thinks of as a duration.
    case latency
    case microseconds
    case milliseconds
    case count
    case perSecond
    case bytes

    /// The figure as people say it, with a unit that fits.
    ///
    /// - Parameter digits: how many of them count; digits before the point always stay.
    func text(_ value: Double, digits: Int = 4) -> String {
        switch self {
        case .latency, .microseconds: Self.duration(value, digits)
        case .milliseconds: Self.duration(value * 1_000, digits)
        case .count: Self.number(value, digits)
        case .perSecond: Self.number(value, digits) + "/s"
        case .bytes: Self.memory(value, digits)
        }
    }

    /// The figure in the unit a condition of `--slo` is written in, and never rounded onto its limit.
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

    static func number(_ value: Double, _ digits: Int) -> String {
        // Figures of an old document may be anything; what is beyond these bounds does not fit a whole number.
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

/// A figure of a run under the name that `--slo`, the baseline and the page know it by.
struct BenchFigure: Sendable {
    let name: String
    let title: String
    let unit: BenchUnit
    var moreIsBetter = false
    let value: @Sendable (BenchResult) -> Double?

    static func named(_ name: some StringProtocol) -> BenchFigure? { all.first { $0.name == name } }

    /// All of them in the order they are shown.
    static let all = rates + latencies + ledger + costs

    static let rates = [
        BenchFigure(name: "deliveries_per_second", title: "Deliveries per second", unit: .perSecond, moreIsBetter: true)
        {
            $0.deliveriesPerSecond
        },
        BenchFigure(name: "messages_per_second", title: "Messages per second", unit: .perSecond, moreIsBetter: true) {
            $0.messagesPerSecond
        },
        BenchFigure(name: "connects_per_second", title: "Connects per second", unit: .perSecond, moreIsBetter: true) {
            $0.connectsPerSecond
        },
    ]

    static let ledger = [
        BenchFigure(name: "missing", title: "Missing", unit: .count) { $0.ledger.map { Double($0.missing) } },
        BenchFigure(name: "duplicates", title: "Duplicates", unit: .count) { $0.ledger.map { Double($0.duplicates) } },
        BenchFigure(name: "out_of_order", title: "Out of order", unit: .count) {
            $0.ledger.map { Double($0.outOfOrder) }
        },
    ]

    static let costs = [
        BenchFigure(name: "cpu_us_per_delivery", title: "CPU per delivery", unit: .microseconds) { $0.cpuPerDelivery },
        BenchFigure(name: "cpu_us_per_message", title: "CPU per message", unit: .microseconds) { $0.cpuPerMessage },
        BenchFigure(name: "rss_bytes_per_connection", title: "Memory per connection", unit: .bytes) {
            $0.server?.bytesPerConnection
        },
        BenchFigure(name: "settled_ms", title: "Settled after the last join", unit: .milliseconds) {
            $0.settledMilliseconds
        },
        BenchFigure(name: "count_frames_per_second", title: "Most count frames of a room", unit: .perSecond) {
            $0.countFramesPerSecond.map { Double($0) }
        },
    ]

    // MARK: Latencies

    /// The points of a distribution that are told, as a name and as a column's title.
    static let quantiles: [(name: String, title: String, value: @Sendable (LatencySummary) -> UInt64)] = [
        ("p50", "p50", { $0.p50 }), ("p90", "p90", { $0.p90 }), ("p99", "p99", { $0.p99 }),
        ("p999", "p99.9", { $0.p999 }), ("max", "max", { $0.max }),
    ]

    /// The distributions a run may have; the first is the one meant where no other is named.
    static let distributions: [(prefix: String, title: String, value: @Sendable (BenchResult) -> LatencySummary?)] = [
        ("", "Latency", { $0.latency }), ("first_", "First recipient", { $0.first }),
        ("median_", "Median recipient", { $0.median }), ("last_", "Last recipient", { $0.last }),
        ("ack_", "Ack", { $0.ack }),
    ]

    static let latencies = distributions.flatMap { distribution in
        quantiles.map { quantile in
            BenchFigure(
                name: distribution.prefix + quantile.name, title: "\(distribution.title) \(quantile.title)",
                unit: .latency
            ) { distribution.value($0).map { Double(quantile.value($0)) } }
        }
    }
}

extension Decimals {
    /// Reads digits, with at most one point between them; nil for anything else, signs and exponents included.
    static func value(_ text: some StringProtocol) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        return Double(text).flatMap { $0 <= 1e15 ? $0 : nil }
    }
}
