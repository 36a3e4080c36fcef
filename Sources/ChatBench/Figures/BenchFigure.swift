/// A figure of a result, under the name that `--slo`, the baseline and the report page use.
struct BenchFigure: Sendable {
    let name: String
    let title: String
    let unit: BenchUnit
    var moreIsBetter = false
    let value: @Sendable (BenchResult) -> Double?

    static func named(_ name: some StringProtocol) -> BenchFigure? { all.first { $0.name == name } }

    /// All figures, in the order they are shown.
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
        BenchFigure(name: "settled_ms", title: "Presence settled after", unit: .milliseconds) {
            $0.settledMilliseconds
        },
        BenchFigure(name: "count_frames_per_second", title: "Count frames per second, at most", unit: .perSecond) {
            $0.countFramesPerSecond.map { Double($0) }
        },
    ]

    // MARK: Latencies

    /// The points of a distribution that are reported; the title heads a column.
    static let quantiles: [(name: String, title: String, value: @Sendable (LatencySummary) -> UInt64)] = [
        ("p50", "p50", { $0.p50 }), ("p90", "p90", { $0.p90 }), ("p99", "p99", { $0.p99 }),
        ("p999", "p99.9", { $0.p999 }), ("max", "max", { $0.max }),
    ]

    /// The distributions a result may have; the first is meant where no prefix is given.
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
