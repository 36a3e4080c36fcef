import ChatTerminal

/// A result for people.
enum BenchText {
    static func lines(_ result: BenchResult) -> [String] {
        var table = Table("FIGURE", "VALUE")
        for (name, value) in rows(result) { table.add(name, value) }
        let settings = result.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        return ["\(result.scenario): \(settings)", result.machine] + table.lines + remarks(result)
    }

    private static func rows(_ result: BenchResult) -> [(String, String)] {
        var rows: [(String, String)] = []
        func add(_ name: String, _ value: Double?, places: Int = 0, unit: String = "") {
            guard let value else { return }
            let text = places == 0 ? Decimals.grouped(value) : Decimals.text(value, places: places)
            rows.append((name, unit.isEmpty ? text : "\(text) \(unit)"))
        }
        add(
            result.scenario == "history" ? "pages" : "messages",
            result.scenario == "connect" ? nil : Double(result.messages))
        add("seconds", result.seconds, places: 2)
        add("deliveries a second", result.deliveriesPerSecond)
        add(result.scenario == "history" ? "pages a second" : "messages a second", result.messagesPerSecond)
        add("connects a second", result.connectsPerSecond)
        let latencies = [
            ("latency", result.latency), ("first recipient", result.first), ("median recipient", result.median),
            ("last recipient", result.last), ("acknowledgement", result.scenario == "ingest" ? nil : result.ack),
        ]
        for (name, summary) in latencies { if let summary { rows.append((name, text(summary))) } }
        for depth in result.depths {
            rows.append(("depth \(Decimals.grouped(Double(depth.depth)))", text(depth.latency)))
        }
        if let ledger = result.ledger {
            rows.append(
                ("missing, doubled, out of order", "\(ledger.missing), \(ledger.duplicates), \(ledger.outOfOrder)"))
        }
        if let refusals = result.refusals { rows.append(("refused", refusals)) }
        add("presence settled after", result.settledMilliseconds, places: 1, unit: "ms")
        add("count frames in a second, at most", result.countFramesPerSecond.map(Double.init))
        add("server CPU a delivery", result.cpuPerDelivery, places: 2, unit: "µs")
        add("server CPU a message", result.cpuPerMessage, places: 2, unit: "µs")
        add("server CPU", result.server.map { 100 * $0.cpuSeconds / result.seconds }, unit: "% of a core")
        add("server memory", result.server.map { Double($0.residentBytes) / 1e6 }, places: 1, unit: "MB")
        add("server memory a connection", result.server?.bytesPerConnection, unit: "bytes")
        add(
            "server memory after closing", result.residentBytesAfterClose.map { Double($0) / 1e6 }, places: 1,
            unit: "MB")
        add("server memory before", result.residentBytesBefore.map { Double($0) / 1e6 }, places: 1, unit: "MB")
        add("generator CPU", 100 * result.generatorCPUSeconds / result.seconds, unit: "% of a core")
        return rows
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
            remarks.append("The generator was the limit, not the server: it was hardly ever idle.")
        }
        if result.refusals != nil { remarks.append("What the server refused counts as missing.") }
        if result.isPartial { remarks.append("Stopped early: these are the figures so far.") }
        return remarks
    }
}
