/// A point of a chart, with coordinates from 0 to 1 and the text that a pointer over it shows.
struct ChartPoint {
    let x: Double
    let y: Double
    let note: String
}

/// One line of a chart, interrupted where it has gaps; a line with a name is in the legend.
struct ChartLine {
    let style: String
    let name: String?
    let runs: [[ChartPoint]]
    var isFilled = false
}

/// Lines over two axes, as inline SVG that scales with the page.
struct Chart {
    let title: String
    let summary: String
    let xTitle: String
    let yTitle: String
    let xTicks: [(place: Double, text: String)]
    let yTicks: [(place: Double, text: String)]
    let lines: [ChartLine]
    /// Text in the legend's place, for a chart without a legend.
    var remark: String?

    // Chosen for a phone: at a width of 360 points, letters are 12 points high.
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

    /// Dots with their values; always visible only where they do not hide the line, or where there is no line.
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
