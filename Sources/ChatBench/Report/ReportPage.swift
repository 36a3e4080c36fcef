// The page must outlive the run: one file without scripts and external resources, so that it can be mailed, archived with
// a build and opened in ten years. Refused: a chart library, and figures that only show under a pointer.

/// The result of a run as one self-contained page of HTML.
package enum ReportPage {
    package static func html(_ result: BenchResult) -> String {
        let title = "chatctl bench \(escaped(result.scenario))"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(title)</title>
            <style>\(style)</style>
            </head>
            <body>
            <main>
            <h1>\(title)</h1>
            <p class="lead">\(escaped(statement(result)))</p>
            \(warning(result))\(tiles(result))
            <div class="cards">
            \(figures(result))\(latency(result))\(depths(result))\(charts(result))\(settings(result))
            </div>
            </main>
            </body>
            </html>

            """
    }

    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.append(character)
            }
        }
    }

    // MARK: Parts of the page

    /// What was run, in one line.
    private static func statement(_ result: BenchResult) -> String {
        func some(_ count: Int, _ noun: String) -> String? {
            count > 0 ? BenchUnit.count.text(Double(count)) + " \(noun)\(count == 1 ? "" : "s")" : nil
        }
        let said = ["window", "rate"].compactMap { name in
            result.settings.first { $0.name.drop { $0 == "-" } == name }.map { "\(name) \($0.value)" }
        }
        let time = result.seconds > 0 ? BenchUnit.latency.text(result.seconds * 1e6, digits: 3) : nil
        let parts = [
            some(result.clients, "client"), some(result.publishers, "publisher"), some(result.payloadBytes, "byte"),
        ]
        return (parts + said + [time]).compactMap { $0 }.joined(separator: ", ")
    }

    private static func warning(_ result: BenchResult) -> String {
        var reasons: [String] = []
        if result.isPartial { reasons.append("The run was interrupted: these are the figures so far.") }
        if result.generatorWasLimit {
            reasons.append("The load generator was the bottleneck: the server can do more than this page shows.")
        }
        let faults = BenchFigure.ledger.compactMap { figure in
            figure.value(result).flatMap { $0 > 0 ? "\(figure.title.lowercased()): \(figure.unit.text($0))" : nil }
        }
        if !faults.isEmpty {
            reasons.append("The receivers found faults: \(faults.joined(separator: ", ")).")
        }
        if let refusals = result.refusals {
            reasons.append("The server refused messages, which count as missing: \(escaped(refusals)).")
        }
        guard !reasons.isEmpty else { return "" }
        let items = reasons.map { "<li>\($0)</li>" }.joined()
        return "<div class=\"warning\" role=\"note\"><strong>Warning</strong><ul>\(items)</ul></div>\n"
    }

    /// The three figures that readers look for first.
    private static func tiles(_ result: BenchResult) -> String {
        let noun = ScenarioWords(result).latency.capitalizedFirst
        let rate = ScenarioWords(result).mainRate(result).map { ($0.title, BenchUnit.count.text($0.value)) }
        let latencies = ["p50", "p99"].compactMap { name in
            BenchFigure.named(name)?.value(result).map { ("\(noun) \(name)", BenchUnit.latency.text($0, digits: 3)) }
        }
        let tiles = ([rate] + latencies).compactMap { $0 }
        guard !tiles.isEmpty else { return "" }
        let items = tiles.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" }.joined()
        return "<dl class=\"tiles\">\(items)</dl>\n"
    }

    private static func figures(_ result: BenchResult) -> String {
        var flow = rows(BenchFigure.rates, result)
        if result.messages > 0 {
            flow.append((ScenarioWords(result).title("Messages"), BenchUnit.count.text(Double(result.messages))))
        }
        for (title, count) in [("Deliveries", result.deliveries), ("Deliveries expected", result.expected)] {
            if let count { flow.append((title, BenchUnit.count.text(Double(count)))) }
        }
        flow += rows(BenchFigure.ledger, result)
        var server = rows(BenchFigure.costs, result) + memory(result)
        if let usage = result.server { server.append(("CPU (of a core)", cpu(usage.cpuSeconds, result))) }
        let generator = [("Generator CPU (of a core)", cpu(result.generatorCPUSeconds, result))]
        return table(result.ledger == nil ? "Throughput" : "Throughput and delivery", flow)
            + table(server.isEmpty ? "Generator" : "Server and generator", server + generator)
    }

    private static func rows(_ figures: [BenchFigure], _ result: BenchResult) -> [(String, String)] {
        figures.compactMap { figure in
            figure.value(result).map { (ScenarioWords(result).title(figure.title), figure.unit.text($0)) }
        }
    }

    private static func memory(_ result: BenchResult) -> [(String, String)] {
        [
            ("Memory", result.server?.residentBytes), ("Memory before the connections", result.residentBytesBefore),
            ("Memory after they closed", result.residentBytesAfterClose),
        ].compactMap { title, bytes in bytes.map { (title, BenchUnit.bytes.text(Double($0))) } }
    }

    private static func cpu(_ seconds: Double, _ result: BenchResult) -> String {
        let time = BenchUnit.number(seconds, 3) + "\u{a0}s"
        guard result.seconds > 0 else { return time }
        return "\(time), \(BenchUnit.count.text((seconds / result.seconds * 100).rounded()))\u{a0}%"
    }

    private static func settings(_ result: BenchResult) -> String {
        let machine = result.machine.isEmpty ? [] : [("machine", escaped(result.machine))]
        return table("Settings", result.settings.map { (escaped($0.name), escaped($0.value)) } + machine)
    }

    /// A section of names and values, which are already HTML.
    private static func table(_ title: String, _ rows: [(String, String)]) -> String {
        guard !rows.isEmpty else { return "" }
        let lines = rows.map { "<tr><th scope=\"row\">\($0.0)</th><td>\($0.1)</td></tr>" }.joined(separator: "\n")
        return "<section><h2>\(title)</h2>\n<table>\n\(lines)\n</table></section>\n"
    }

    // MARK: Latencies

    private static func latency(_ result: BenchResult) -> String {
        let rows = BenchFigure.distributions.compactMap { distribution -> (String, LatencySummary)? in
            // In `ingest` the latency is that of the ack: it is shown once.
            guard let summary = distribution.value(result),
                distribution.prefix != "ack_" || result.latency != result.ack
            else { return nil }
            let name = distribution.prefix.dropLast()
            return (name.isEmpty ? ScenarioWords(result).latency : String(name), summary)
        }
        let titles = rows.map(\.0)
        let note =
            titles.contains("last")
            ? "<p class=\"note\">First, median and last recipient of each message.</p>" : ""
        return distributions("Latency", "of", rows, note)
    }

    private static func depths(_ result: BenchResult) -> String {
        let rows = result.depths.map { (shortText(Double($0.depth)), $0.latency) }
        let note = "<p class=\"note\">Depth is the number of messages that are newer than the page.</p>"
        return distributions("Latency by depth", "depth", rows, note)
    }

    /// A table with one row for each distribution, all in the same unit so that the columns can be compared.
    private static func distributions(
        _ title: String, _ corner: String, _ rows: [(String, LatencySummary)], _ note: String
    ) -> String {
        guard let longest = rows.map(\.1.max).max() else { return "" }
        let (unit, size) = longest < 1_000 ? ("µs", 1.0) : longest < 10_000_000 ? ("ms", 1e3) : ("s", 1e6)
        let head = BenchFigure.quantiles.map { "<th scope=\"col\">\($0.title)</th>" }.joined()
        let lines = rows.map { name, summary in
            let cells = BenchFigure.quantiles.map { quantile in
                // Six columns fit a phone only with short figures.
                let value = Double(quantile.value(summary)) / size
                return "<td>\(BenchUnit.number(value, value < 1 ? 2 : 3))</td>"
            }
            return "<tr><th scope=\"row\">\(name)</th>\(cells.joined())</tr>"
        }
        return """
            <section><h2>\(title) in \(unit)</h2>
            <div class="scroll"><table class="wide">
            <tr><th scope="col">\(corner)</th>\(head)</tr>
            \(lines.joined(separator: "\n"))
            </table></div>\(note)</section>

            """
    }

    private static func charts(_ result: BenchResult) -> String {
        let charts = [
            ("Latency by percentile", curve(result)),
            ("\(ScenarioWords(result).rate.capitalizedFirst) over time", throughput(result)),
            ("Latency over time", latencyOverTime(result)),
        ]
        return charts.compactMap { title, chart in
            chart.map { "<section><h2>\(title)</h2>\n\($0)</section>\n" }
        }.joined()
    }
}
