import Testing

@testable import ChatBench

@Suite struct BenchFigureTests {
    @Test func `names and titles are unique`() {
        #expect(Set(BenchFigure.all.map(\.name)).count == BenchFigure.all.count)
        #expect(Set(BenchFigure.all.map(\.title)).count == BenchFigure.all.count)
    }

    @Test func `every figure is found by its name and no other`() {
        for figure in BenchFigure.all { #expect(BenchFigure.named(figure.name)?.title == figure.title) }
        #expect(BenchFigure.named("") == nil && BenchFigure.named("P50") == nil)
    }

    @Test func `only rates are better when there is more`() {
        let better = BenchFigure.all.filter(\.moreIsBetter).map(\.name)
        #expect(better == ["deliveries_per_second", "messages_per_second", "connects_per_second"])
    }

    @Test(arguments: [
        ("deliveries_per_second", 25_000.0), ("messages_per_second", 25), ("missing", 1), ("duplicates", 2),
        ("out_of_order", 3), ("cpu_us_per_delivery", 20), ("cpu_us_per_message", 20_000),
        ("rss_bytes_per_connection", 18_000), ("p50", 1_000), ("p90", 2_000), ("p99", 4_000), ("p999", 5_000),
        ("max", 6_000), ("first_p50", 100), ("median_p90", 2_200), ("last_p99", 8_000), ("ack_max", 300),
    ])
    func `a figure reads its own value`(name: String, value: Double) throws {
        let run = SampleRuns.fanout.with { $0.ledger = LedgerSums(missing: 1, duplicates: 2, outOfOrder: 3) }
        #expect(try #require(BenchFigure.named(name)).value(run) == value)
    }

    @Test func `the figures of connecting read theirs`() {
        let run = SampleRuns.connect
        #expect(BenchFigure.named("connects_per_second")?.value(run) == 2_000)
        #expect(BenchFigure.named("settled_ms")?.value(run) == 512.5)
        #expect(BenchFigure.named("count_frames_per_second")?.value(run) == 4)
    }

    @Test func `a figure that was not measured has no value`() {
        let empty = BenchResult(scenario: "fanout")
        for figure in BenchFigure.all { #expect(figure.value(empty) == nil, "\(figure.name)") }
    }
}
