// The page must outlive the run: one file without script and without anything from elsewhere, so that it can be mailed,
// put beside a build and opened in ten years. Refused: a chart library, and figures that appear only under a pointer.

/// What a run of `bench` found, as one page of HTML to be kept.
enum ReportPage {
    static func html(_ result: BenchResult) -> String {
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

    /// What was run, as one would say it.
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
            reasons.append("The generator, not the server, set the pace: the server can do more than this page says.")
        }
        let faults = BenchFigure.ledger.compactMap { figure in
            figure.value(result).flatMap { $0 > 0 ? "\(figure.title.lowercased()): \(figure.unit.text($0))" : nil }
        }
        if !faults.isEmpty {
            reasons.append("The receivers' ledgers are not clean: \(faults.joined(separator: ", ")).")
        }
        if let refusals = result.refusals {
            reasons.append("The server refused messages, which count as missing: \(escaped(refusals)).")
        }
        guard !reasons.isEmpty else { return "" }
        let items = reasons.map { "<li>\($0)</li>" }.joined()
        return "<div class=\"warning\" role=\"note\"><strong>Warning</strong><ul>\(items)</ul></div>\n"
    }

    /// The three figures one looks for first.
    private static func tiles(_ result: BenchResult) -> String {
        let noun = Scenario(result).latency.capitalizedFirst
        let rate = Scenario(result).mainRate(result).map { ($0.title, BenchUnit.count.text($0.value)) }
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
            flow.append((Scenario(result).named("Messages"), BenchUnit.count.text(Double(result.messages))))
        }
        for (title, count) in [("Deliveries", result.deliveries), ("Deliveries expected", result.expected)] {
            if let count { flow.append((title, BenchUnit.count.text(Double(count)))) }
        }
        flow += rows(BenchFigure.ledger, result)
        var server = rows(BenchFigure.costs, result) + memory(result)
        if let usage = result.server { server.append(("CPU, of a core", cpu(usage.cpuSeconds, result))) }
        let generator = [("Generator CPU, of a core", cpu(result.generatorCPUSeconds, result))]
        return table(result.ledger == nil ? "Throughput" : "Throughput and ledger", flow)
            + table(server.isEmpty ? "Generator" : "Server and generator", server + generator)
    }

    private static func rows(_ figures: [BenchFigure], _ result: BenchResult) -> [(String, String)] {
        figures.compactMap { figure in
            figure.value(result).map { (Scenario(result).named(figure.title), figure.unit.text($0)) }
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

    /// A section of names and values, which are HTML already.
    private static func table(_ title: String, _ rows: [(String, String)]) -> String {
        guard !rows.isEmpty else { return "" }
        let lines = rows.map { "<tr><th scope=\"row\">\($0.0)</th><td>\($0.1)</td></tr>" }.joined(separator: "\n")
        return "<section><h2>\(title)</h2>\n<table>\n\(lines)\n</table></section>\n"
    }

    // MARK: Latencies

    private static func latency(_ result: BenchResult) -> String {
        let rows = BenchFigure.distributions.compactMap { distribution -> (String, LatencySummary)? in
            // In `ingest` the ack is what the latency is of: once is enough.
            guard let summary = distribution.value(result),
                distribution.prefix != "ack_" || result.latency != result.ack
            else { return nil }
            let name = distribution.prefix.dropLast()
            return (name.isEmpty ? Scenario(result).latency : String(name), summary)
        }
        let titles = rows.map(\.0)
        let note =
            titles.contains("last")
            ? "<p class=\"note\">First, median and last are the recipients of each message.</p>" : ""
        return distributions("Latency", "of", rows, note)
    }

    private static func depths(_ result: BenchResult) -> String {
        let rows = result.depths.map { (shortText(Double($0.depth)), $0.latency) }
        let note = "<p class=\"note\">How long a page takes with so many newer messages before it.</p>"
        return distributions("Latency by depth", "depth", rows, note)
    }

    /// A table with one row for each distribution, all in the same unit so that columns compare.
    private static func distributions(
        _ title: String, _ corner: String, _ rows: [(String, LatencySummary)], _ note: String
    ) -> String {
        guard let longest = rows.map(\.1.max).max() else { return "" }
        let (unit, size) = longest < 1_000 ? ("µs", 1.0) : longest < 10_000_000 ? ("ms", 1e3) : ("s", 1e6)
        let head = BenchFigure.quantiles.map { "<th scope=\"col\">\($0.title)</th>" }.joined()
        let lines = rows.map { name, summary in
            let cells = BenchFigure.quantiles.map { quantile in
                // Six columns fit a phone only while their figures are short.
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
            ("\(Scenario(result).rate.capitalizedFirst) over time", throughput(result)),
            ("Latency over time", latencyOverTime(result)),
        ]
        return charts.compactMap { title, chart in
            chart.map { "<section><h2>\(title)</h2>\n\($0)</section>\n" }
        }.joined()
    }
}

extension ReportPage {
    /// The words a scenario calls its figures by.
    struct Scenario {
        let rate: String
        let latency: String

        init(_ result: BenchResult) {
            switch result.scenario {
            case "ingest": (rate, latency) = ("messages per second", "ack")
            case "connect": (rate, latency) = ("connects per second", "connect")
            case "history": (rate, latency) = ("pages per second", "page")
            default: (rate, latency) = ("deliveries per second", "delivery")
            }
        }

        /// A figure's title; `history` asks for pages where others post messages.
        func named(_ title: String) -> String {
            switch title {
            case "Messages" where latency == "page": "Pages"
            case "Messages per second" where latency == "page": "Pages per second"
            case "CPU per message" where latency == "page": "CPU per page"
            default: title
            }
        }

        /// The scenario's own rate, else the first that was measured.
        func mainRate(_ result: BenchResult) -> (title: String, value: Double)? {
            let measured = BenchFigure.rates.compactMap { figure in
                figure.value(result).map { (named(figure.title), $0) }
            }
            return measured.first { $0.0.lowercased() == rate } ?? measured.first
        }
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension ReportPage {
    /// Colours are told apart by lightness too, for print and for eyes that see fewer of them.
    private static let style = """

        :root{--page:#f7f7f5;--card:#fff;--ink:#1b1b1a;--soft:#5a5954;--line:#dddcd6;--a:#1f5fb8;--b:#dc7431;
        --warn:#fdf0dc;--edge:#c47f12}
        @media screen and (prefers-color-scheme:dark){:root{--page:#161615;--card:#201f1e;--ink:#f1f0ec;--soft:#b3b1aa;
        --line:#3b3a37;--a:#4a8fe6;--b:#f7a774;--warn:#3a2c12;--edge:#e0a03a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:16px/1.45 system-ui,"DejaVu Sans",sans-serif}
        main{max-width:70rem;margin:0 auto;padding:1.25rem 1rem 3rem}
        h1{font-size:1.6rem;line-height:1.2;margin:0 0 .25rem;overflow-wrap:anywhere}
        h2{font-size:1rem;margin:0 0 .5rem}
        .lead{color:var(--soft);margin:0 0 1.25rem;overflow-wrap:anywhere}
        .note{color:var(--soft);margin:.6rem 0 0}
        .warning{background:var(--warn);border:1px solid var(--edge);border-left-width:6px;border-radius:8px;
        padding:.75rem 1rem;margin:0 0 1.25rem}
        .warning ul{margin:.25rem 0 0;padding-left:1.2rem}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:1rem;margin:0 0 1rem}
        .tiles div,section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.9rem 1rem}
        .tiles dt{color:var(--soft)}
        .tiles dd{margin:0;font-size:1.75rem;font-weight:600;line-height:1.2;white-space:nowrap}
        .cards{columns:26rem 2;column-gap:1rem}
        section{margin:0 0 1rem;break-inside:avoid}
        .scroll{overflow-x:auto}
        table{width:100%;border-collapse:collapse}
        th,td{padding:.35rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        th{font-weight:400;color:var(--soft);padding-right:.75rem}
        tr:last-child th,tr:last-child td{border-bottom:0}
        td{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        .wide th[scope=col]:not(:first-child){text-align:right}
        .wide th,.wide td{padding-right:0;padding-left:.35rem;white-space:nowrap}
        .wide th:first-child{padding-left:0}
        svg{display:block;width:100%;max-width:34rem;height:auto;margin:0 auto;overflow:visible}
        svg text{font-size:15px;fill:var(--soft)}
        svg .grid{stroke:var(--line)}
        svg .axis{stroke:var(--soft)}
        svg .a,svg .b{fill:none;stroke:var(--a);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
        svg .b{stroke:var(--b)}
        svg .area{fill:var(--a);opacity:.12}
        svg circle.a{fill:var(--a)}
        svg circle.b{fill:var(--b)}
        svg .spot{fill:var(--a);opacity:0}
        svg .spot:hover{opacity:1}
        @media screen and (min-width:34rem){svg text{font-size:12px}}
        @media(max-width:30rem){main{padding:1rem .75rem 2rem}.tiles div,section{padding:.75rem}
        .tiles div:first-child:nth-last-child(3){grid-column:1/-1}}
        @media print{body{font-size:10pt;background:none}main{max-width:none;padding:0}.cards{columns:2}
        .tiles div,.warning{break-inside:avoid}}

        """
}
