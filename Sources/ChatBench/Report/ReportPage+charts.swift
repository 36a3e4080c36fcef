import Glibc

// Charts as inline SVG that scales with the page. Each has one scale upwards: two would say whatever one likes.

extension ReportPage {
    /// Latency over percentile on the scale on which each step to the right is ten times rarer.
    static func curve(_ result: BenchResult) -> String? {
        let points = result.curve.filter { $0.percentile >= 0 }
        guard let last = points.last, points.count > 1 else { return nil }
        // 100 % lies nowhere on this scale: it is drawn a bit behind the rarest that does.
        let rarest = max(1, points.lazy.filter { $0.percentile < 100 }.map { rarity($0.percentile) }.max() ?? 1)
        let end = last.percentile < 100 ? rarest : rarest + 0.2
        let y = ChartScale.covering(points.map { Double($0.microseconds) })
        let ticks = [(0.0, "0"), (1, "90"), (2, "99"), (3, "99.9"), (4, "99.99"), (5, "99.999")]
        let line = points.map { point in
            ChartPoint(
                x: min(rarity(point.percentile), end) / end, y: y.place(Double(point.microseconds)),
                note: "\(Decimals.text(point.percentile, places: 4)) %: \(latencyText(Double(point.microseconds)))")
        }
        let longest = latencyText(Double(last.microseconds))
        return Chart(
            title: "Latency by percentile", summary: "The longest is \(longest).",
            xTitle: "percentile", yTitle: "latency" + (y.isLogarithmic ? ", log scale" : ""),
            xTicks: ticks.filter { $0.0 <= end }.map { ($0.0 / end, $0.1) },
            yTicks: y.ticks.map { (y.place($0), latencyText($0)) },
            lines: [ChartLine(style: "a", name: nil, runs: [line])],
            remark: last.percentile < 100 ? nil : "max \(longest)"
        ).svg
    }

    static func throughput(_ result: BenchResult) -> String? {
        guard !result.timeline.isEmpty else { return nil }
        let rates = result.timeline.map(\.perSecond)
        let y = ChartScale(upTo: rates.max() ?? 0)
        let time = ChartScale(upTo: result.timeline.map(\.at).max() ?? 0, isRounded: false)
        let runs = runs(result.timeline).map { run in
            run.map { point in
                ChartPoint(
                    x: time.place(point.at), y: y.place(point.perSecond),
                    note: "\(secondsText(point.at)): \(BenchUnit.perSecond.text(point.perSecond))")
            }
        }
        let (low, high) = (BenchUnit.perSecond.text(rates.min() ?? 0), BenchUnit.perSecond.text(rates.max() ?? 0))
        let noun = Scenario(result).rate
        return Chart(
            title: "\(noun) over time", summary: "Between \(low) and \(high).", xTitle: "seconds", yTitle: noun,
            xTicks: time.ticks.map { (time.place($0), Decimals.text($0, places: 3)) },
            yTicks: y.ticks.map { (y.place($0), shortText($0)) },
            lines: [ChartLine(style: "a", name: nil, runs: runs, isFilled: true)]
        ).svg
    }

    static func latencyOverTime(_ result: BenchResult) -> String? {
        // A piece in which nothing came has no latency.
        let points = result.timeline.filter { $0.perSecond > 0 }
        guard !points.isEmpty else { return nil }
        let y = ChartScale.covering(points.flatMap { [Double($0.p50), Double($0.p99)] })
        let time = ChartScale(upTo: result.timeline.map(\.at).max() ?? 0, isRounded: false)
        func line(_ style: String, _ name: String, _ value: (TimelinePoint) -> UInt64) -> ChartLine {
            let runs = runs(points).map { run in
                run.map { point in
                    ChartPoint(
                        x: time.place(point.at), y: y.place(Double(value(point))),
                        note: "\(secondsText(point.at)): \(name) \(latencyText(Double(value(point))))")
                }
            }
            return ChartLine(style: style, name: name, runs: runs)
        }
        let worst = latencyText(Double(points.map(\.p99).max() ?? 0))
        return Chart(
            title: "Latency over time", summary: "The highest p99 is \(worst).", xTitle: "seconds",
            yTitle: "latency" + (y.isLogarithmic ? ", log scale" : ""),
            xTicks: time.ticks.map { (time.place($0), Decimals.text($0, places: 3)) },
            yTicks: y.ticks.map { (y.place($0), latencyText($0)) },
            lines: [line("b", "p99") { $0.p99 }, line("a", "p50") { $0.p50 }]
        ).svg
    }

    private static func rarity(_ percentile: Double) -> Double {
        percentile < 100 ? -log10(1 - percentile / 100) : .infinity
    }

    /// The points in stretches without a hole; a line across one would tell of what was not measured.
    private static func runs(_ points: [TimelinePoint]) -> [[TimelinePoint]] {
        let steps = zip(points.dropFirst(), points).map { $0.at - $1.at }
        let hole = (steps.min() ?? 0) * 1.5
        return points.reduce(into: []) { runs, point in
            if let last = runs.last?.last, point.at - last.at <= hole {
                runs[runs.count - 1].append(point)
            } else {
                runs.append([point])
            }
        }
    }

    private static func latencyText(_ microseconds: Double) -> String {
        microseconds == 0 ? "0" : BenchUnit.latency.text(microseconds, digits: 3)
    }

    private static func secondsText(_ seconds: Double) -> String { Decimals.text(seconds, places: 2) + " s" }

    /// A number short enough for an axis or a narrow column.
    static func shortText(_ value: Double) -> String {
        switch value {
        case ..<1e3: BenchUnit.number(value, 3)
        case ..<1e6: BenchUnit.number(value / 1e3, 3) + "k"
        default: BenchUnit.number(value / 1e6, 3) + "M"
        }
    }
}

/// Where values lie on an axis, from 0 at its beginning to 1 at its end, with ticks of 1, 2 or 5 × 10ⁿ.
struct ChartScale {
    let low: Double
    let high: Double
    let isLogarithmic: Bool
    let ticks: [Double]

    /// From zero to the greatest value, or to the tick behind it when `isRounded`.
    init(upTo greatest: Double, isRounded: Bool = true) {
        let greatest = greatest > 0 && greatest.isFinite ? greatest : 1
        let step = Self.steps(greatest / 5).above
        let count = Int((greatest / step + (isRounded ? -1e-9 : 1e-9)).rounded(isRounded ? .up : .down))
        (low, isLogarithmic) = (0, false)
        high = isRounded ? Double(count) * step : greatest
        ticks = (0...count).map { Double($0) * step }
    }

    /// From zero, or logarithmic when the values span more than fifty times.
    static func covering(_ values: [Double]) -> ChartScale {
        let (least, greatest) = (max(1, values.min() ?? 1), values.max() ?? 1)
        return greatest > 50 * least ? ChartScale(decadesFrom: least, to: greatest) : ChartScale(upTo: greatest)
    }

    private init(decadesFrom least: Double, to greatest: Double) {
        (low, high, isLogarithmic) = (Self.steps(least).below, Self.steps(greatest).above, true)
        var all: [Double] = []
        var tick = low
        while tick <= high * 1.001 {
            all.append(tick)
            tick = Self.steps(tick * 1.5).above
        }
        // Past two decades the powers of ten are enough.
        ticks = all.count <= 7 ? all : all.filter(Self.isPowerOfTen)
    }

    func place(_ value: Double) -> Double {
        let share =
            isLogarithmic ? log10(max(value, low) / low) / log10(high / low) : (value - low) / (high - low)
        return min(max(share, 0), 1)
    }

    /// The nearest of 1, 2, 5 × 10ⁿ on either side of a value, or the value itself.
    private static func steps(_ value: Double) -> (below: Double, above: Double) {
        let power = pow(10, log10(value).rounded(.down))
        let all = [1, 2, 5, 10].map { $0 * power }
        let hair = 1e-9 * value
        return (all.last { $0 <= value + hair } ?? power, all.first { $0 >= value - hair } ?? 10 * power)
    }

    private static func isPowerOfTen(_ value: Double) -> Bool {
        abs(log10(value) - log10(value).rounded()) < 1e-9
    }
}

/// A place within a chart, both ways from 0 to 1, and what a pointer above it is told.
struct ChartPoint {
    let x: Double
    let y: Double
    let note: String
}

/// One line of a chart, in as many pieces as it has holes between; a line with a name stands in the legend.
struct ChartLine {
    let style: String
    let name: String?
    let runs: [[ChartPoint]]
    var isFilled = false
}

/// Lines over two axes, as SVG.
struct Chart {
    let title: String
    let summary: String
    let xTitle: String
    let yTitle: String
    let xTicks: [(place: Double, text: String)]
    let yTicks: [(place: Double, text: String)]
    let lines: [ChartLine]
    /// Written at the end of the first line.
    var remark: String?

    // Chosen for a phone: at 360 points across the letters keep 12.
    private static let (width, height) = (420.0, 280.0)
    private static let (left, right, top, bottom) = (62.0, 406.0, 34.0, 232.0)

    var svg: String {
        """
        <svg viewBox="0 0 \(Self.short(Self.width)) \(Self.short(Self.height))" role="img">
        <title>\(ReportPage.escaped(title))</title><desc>\(ReportPage.escaped(summary))</desc>
        \(axes)
        \(lines.map(draw).joined(separator: "\n"))
        \(legend)
        </svg>
        """
    }

    private var axes: String {
        let across = yTicks.map { tick in
            let y = Self.y(tick.place)
            return line("grid", Self.left, y, Self.right, y) + text(Self.left - 6, y + 4, "end", tick.text)
        }
        let along = xTicks.map { tick in
            line("axis", Self.x(tick.place), Self.bottom, Self.x(tick.place), Self.bottom + 5)
                + text(Self.x(tick.place), Self.bottom + 20, "middle", tick.text)
        }
        let titles = text(4, 16, "start", yTitle) + text(Self.right, Self.height - 8, "end", xTitle)
        return (across + along).joined(separator: "\n")
            + line("axis", Self.left, Self.bottom, Self.right, Self.bottom) + titles
    }

    private func draw(_ line: ChartLine) -> String {
        line.runs.map { run in
            let path = run.map { "\(Self.short(Self.x($0.x))),\(Self.short(Self.y($0.y)))" }.joined(separator: " ")
            let shape = "<polyline class=\"\(line.style)\" points=\"\(path)\"/>"
            return area(run, line, path) + shape + spots(run, line)
        }.joined(separator: "\n")
    }

    private func area(_ run: [ChartPoint], _ line: ChartLine, _ path: String) -> String {
        guard line.isFilled, run.count > 1, let first = run.first, let last = run.last else { return "" }
        let (from, to) = (Self.short(Self.x(first.x)), Self.short(Self.x(last.x)))
        let floor = Self.short(Self.bottom)
        return "<polygon class=\"area\" points=\"\(from),\(floor) \(path) \(to),\(floor)\"/>"
    }

    /// Dots that tell their figure; seen at once only where they do not hide the line, or where there is no line.
    private func spots(_ run: [ChartPoint], _ line: ChartLine) -> String {
        let isSeen = run.count == 1 || line.runs.reduce(0) { $0 + $1.count } <= 24
        return run.map { point in
            let style = isSeen ? "" : " spot"
            return "<circle class=\"\(line.style)\(style)\" cx=\"\(Self.short(Self.x(point.x)))\" "
                + "cy=\"\(Self.short(Self.y(point.y)))\" r=\"3\"><title>\(ReportPage.escaped(point.note))</title></circle>"
        }.joined()
    }

    private var legend: String {
        let named = lines.filter { $0.name != nil }
        let entries = named.enumerated().map { index, entry in
            let x = Self.right - Double(named.count - index) * 62
            return "<polyline class=\"\(entry.style)\" points=\"\(Self.short(x)),12 \(Self.short(x + 22)),12\"/>"
                + text(x + 28, 16, "start", entry.name ?? "")
        }
        return entries.joined(separator: "\n") + (remark.map { text(Self.right, 16, "end", $0) } ?? "")
    }

    // MARK: Shapes

    private func line(_ style: String, _ x: Double, _ y: Double, _ toX: Double, _ toY: Double) -> String {
        "<line class=\"\(style)\" x1=\"\(Self.short(x))\" y1=\"\(Self.short(y))\" "
            + "x2=\"\(Self.short(toX))\" y2=\"\(Self.short(toY))\"/>"
    }

    private func text(_ x: Double, _ y: Double, _ anchor: String, _ text: String) -> String {
        "<text x=\"\(Self.short(x))\" y=\"\(Self.short(y))\" text-anchor=\"\(anchor)\">"
            + "\(ReportPage.escaped(text))</text>"
    }

    private static func x(_ place: Double) -> Double { left + place * (right - left) }
    private static func y(_ place: Double) -> Double { bottom - place * (bottom - top) }
    private static func short(_ value: Double) -> String { Decimals.text(value, places: 1) }
}
