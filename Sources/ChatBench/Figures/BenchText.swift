/// A result as text for people; the caller lays out the rows as a table.
package struct BenchText {
    /// What was measured, and on which machine.
    package let heading: [String]
    package let rows: [(figure: String, value: String)]
    /// What a reader must know before relying on the figures.
    package let remarks: [String]

    package init(_ result: BenchResult) {
        let settings = result.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        heading = ["\(result.scenario): \(settings)", result.machine]
        rows = Self.throughput(result) + Self.latencies(result) + Self.correctness(result) + Self.costs(result)
        remarks = Self.remarks(result)
    }

    private typealias Rows = [(figure: String, value: String)]

    private static func throughput(_ result: BenchResult) -> Rows {
        let noun = result.scenario == "history" ? "pages" : "messages"
        let messages = result.scenario == "connect" ? nil : Double(result.messages)
        return [
            row(noun, messages), row("seconds", result.seconds, places: 2),
            row("deliveries per second", result.deliveriesPerSecond),
            row("\(noun) per second", result.messagesPerSecond),
            row("connects per second", result.connectsPerSecond),
        ].compactMap(\.self)
    }

    private static func latencies(_ result: BenchResult) -> Rows {
        let latencies = [
            ("latency", result.latency), ("first recipient", result.first), ("median recipient", result.median),
            ("last recipient", result.last), ("acknowledgement", result.scenario == "ingest" ? nil : result.ack),
        ]
        let rows = latencies.compactMap { name, summary in summary.map { (figure: name, value: text($0)) } }
        return rows
            + result.depths.map { (figure: "depth \(Decimals.grouped(Double($0.depth)))", value: text($0.latency)) }
    }

    private static func correctness(_ result: BenchResult) -> Rows {
        let ledger = result.ledger.map { "\($0.missing), \($0.duplicates), \($0.outOfOrder)" }
        return [
            ledger.map { (figure: "missing, duplicate, out of order", value: $0) },
            result.refusals.map { (figure: "refused", value: $0) },
            row("presence settled after", result.settledMilliseconds, places: 1, unit: "ms"),
            row("count frames per second, at most", result.countFramesPerSecond.map(Double.init)),
        ].compactMap(\.self)
    }

    private static func costs(_ result: BenchResult) -> Rows {
        func ofACore(_ seconds: Double) -> Double { 100 * seconds / result.seconds }
        func megabytes(_ bytes: Int) -> Double { Double(bytes) / 1e6 }
        return [
            row("server CPU per delivery", result.cpuPerDelivery, places: 2, unit: "µs"),
            row("server CPU per message", result.cpuPerMessage, places: 2, unit: "µs"),
            row("server CPU", result.server.map { ofACore($0.cpuSeconds) }, unit: "% of a core"),
            row("server memory", result.server.map { megabytes($0.residentBytes) }, places: 1, unit: "MB"),
            row("server memory per connection", result.server?.bytesPerConnection, unit: "bytes"),
            row(
                "server memory after closing", result.residentBytesAfterClose.map(megabytes), places: 1, unit: "MB"),
            row("server memory before", result.residentBytesBefore.map(megabytes), places: 1, unit: "MB"),
            row("generator CPU", ofACore(result.generatorCPUSeconds), unit: "% of a core"),
        ].compactMap(\.self)
    }

    private static func row(
        _ name: String, _ value: Double?, places: Int = 0, unit: String = ""
    ) -> (figure: String, value: String)? {
        guard let value else { return nil }
        let text = places == 0 ? Decimals.grouped(value) : Decimals.text(value, places: places)
        return (name, unit.isEmpty ? text : "\(text) \(unit)")
    }

    private static func text(_ latency: LatencySummary) -> String {
        let figures = [("p50", latency.p50), ("p90", latency.p90), ("p99", latency.p99), ("p99.9", latency.p999)]
        return figures.map { "\($0.0) \(milliseconds($0.1))" }.joined(separator: ", ")
            + ", max \(milliseconds(latency.max)) ms"
    }

    private static func milliseconds(_ microseconds: UInt64) -> String {
        Decimals.text(Double(microseconds) / 1_000, places: microseconds < 10_000 ? 2 : 1)
    }

    private static func remarks(_ result: BenchResult) -> [String] {
        var remarks: [String] = []
        if result.generatorWasLimit {
            remarks.append("Warning: the load generator was the bottleneck, so the server can do more than this.")
        }
        if result.refusals != nil { remarks.append("Refused messages count as missing.") }
        if result.isPartial { remarks.append("The run was interrupted: these are the figures so far.") }
        return remarks
    }
}
