import Glibc

// Each chart has one vertical scale. Two would let a reader see any relation between the lines.

extension ReportPage {
    /// Latency by percentile, on a scale on which each step to the right is ten times rarer.
    static func curve(_ result: BenchResult) -> String? {
        let points = result.curve.filter { $0.percentile >= 0 }
        guard let last = points.last, points.count > 1 else { return nil }
        // 100 % is at infinity on this scale; it is drawn a little to the right of the rarest other point.
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

    /// The rate in each interval.
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
        let noun = ScenarioWords(result).rate
        return Chart(
            title: "\(noun) over time", summary: "Between \(low) and \(high).", xTitle: "seconds", yTitle: noun,
            xTicks: time.ticks.map { (time.place($0), Decimals.text($0, places: 3)) },
            yTicks: y.ticks.map { (y.place($0), shortText($0)) },
            lines: [ChartLine(style: "a", name: nil, runs: runs, isFilled: true)]
        ).svg
    }

    /// Median and p99 in each interval.
    static func latencyOverTime(_ result: BenchResult) -> String? {
        // An interval without messages has no latency.
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

    /// The points as runs without gaps; a line across a gap would show what was not measured.
    private static func runs(_ points: [TimelinePoint]) -> [[TimelinePoint]] {
        let steps = zip(points.dropFirst(), points).map { $0.at - $1.at }
        let gap = (steps.min() ?? 0) * 1.5
        return points.reduce(into: []) { runs, point in
            if let last = runs.last?.last, point.at - last.at <= gap {
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
