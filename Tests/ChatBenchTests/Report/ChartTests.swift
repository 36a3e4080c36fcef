import Testing

@testable import ChatBench

@Suite struct ChartTests {
    private static func chart(_ lines: [ChartLine], remark: String? = nil) -> String {
        Chart(
            title: "A & B", summary: "Between 1 & 2.", xTitle: "seconds", yTitle: "latency",
            xTicks: [(0, "0"), (1, "9")],
            yTicks: [(0, "0"), (0.5, "5 ms")], lines: lines, remark: remark
        ).svg
    }

    private static func run(_ count: Int) -> [ChartPoint] {
        (0..<count).map { ChartPoint(x: Double($0) / Double(max(1, count - 1)), y: 0.5, note: "point <\($0)>") }
    }

    private static func count(_ part: String, in text: String) -> Int { text.split(separator: part).count - 1 }

    @Test func `title, summary, axes and ticks are there, and escaped`() {
        let svg = Self.chart([])
        for part in [
            "<title>A &amp; B</title>", "<desc>Between 1 &amp; 2.</desc>", ">seconds</text>", ">latency</text>",
            ">5 ms</text>", ">9</text>", "role=\"img\"",
        ] { #expect(svg.contains(part), "\(part)") }
        #expect(Markup.fault(in: svg) == nil)
    }

    @Test func `a line goes from the left edge to the right one`() {
        let svg = Self.chart([ChartLine(style: "a", name: nil, runs: [Self.run(3)])])
        #expect(svg.contains("<polyline class=\"a\" points=\"62,133 234,133 406,133\"/>"))
        #expect(svg.contains("<title>point &lt;2&gt;</title>") && Markup.fault(in: svg) == nil)
    }

    @Test func `a gap interrupts the line and its area`() {
        let line = ChartLine(style: "a", name: nil, runs: [Self.run(2), Self.run(3)], isFilled: true)
        let svg = Self.chart([line])
        #expect(Self.count("<polyline", in: svg) == 2 && Self.count("<polygon", in: svg) == 2)
    }

    @Test func `a single point has no area but a visible dot`() {
        let svg = Self.chart([ChartLine(style: "a", name: nil, runs: [Self.run(1)], isFilled: true)])
        #expect(Self.count("<polygon", in: svg) == 0 && svg.contains("<circle class=\"a\""))
    }

    @Test(arguments: [(24, false), (25, true)]) func `many dots are hidden until a pointer is over them`(
        count: Int, isHidden: Bool
    ) {
        let svg = Self.chart([ChartLine(style: "b", name: nil, runs: [Self.run(count)])])
        #expect(svg.contains("<circle class=\"b spot\"") == isHidden)
        #expect(Self.count("<circle", in: svg) == count)
    }

    @Test func `lines with a name are in the legend, others are not`() {
        let named = ["p99", "p50"].map { ChartLine(style: "a", name: $0, runs: [Self.run(2)]) }
        let svg = Self.chart(named + [ChartLine(style: "b", name: nil, runs: [Self.run(2)])])
        #expect(svg.contains(">p99</text>") && svg.contains(">p50</text>"))
        #expect(Self.count("<polyline", in: svg) == 5)
    }

    @Test func `a remark stands in the legend's place`() {
        #expect(Self.chart([], remark: "max 6 ms").contains("text-anchor=\"end\">max 6 ms</text>"))
    }
}
