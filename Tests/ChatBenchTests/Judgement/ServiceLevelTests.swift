import ChatCore
import Testing

@testable import ChatBench

@Suite struct ServiceLevelTests {
    private static func outcome(_ text: String, _ run: BenchResult = SampleRuns.fanout) throws -> ServiceLevelOutcome {
        let outcomes = try ServiceLevel(text).check(run)
        try #require(outcomes.count == 1)
        return outcomes[0]
    }

    @Test func `each condition has its outcome, in the order written and as written`() throws {
        let outcomes = try ServiceLevel("p99<200ms,missing=0, last_p99 > 9ms").check(SampleRuns.fanout)
        #expect(
            outcomes == [
                ServiceLevelOutcome(text: "p99<200ms", measured: "4 ms", isMet: true),
                ServiceLevelOutcome(text: "missing=0", measured: "0", isMet: true),
                ServiceLevelOutcome(text: "last_p99 > 9ms", measured: "8 ms", isMet: false),
            ])
    }

    @Test(arguments: [
        ("p50<1ms", false), ("p50<=1ms", true), ("p50=1ms", true), ("p50>1ms", false), ("p50>=1ms", true),
        ("p50<1001us", true), ("p50>999us", true), ("p50<0.002s", true), ("p50<=0.5ms", false), ("p50>=2s", false),
    ])
    func `operators and units mean what they say`(text: String, isMet: Bool) throws {
        #expect(try Self.outcome(text).isMet == isMet)
    }

    @Test func `a decimal duration is exact`() throws {
        var run = SampleRuns.fanout
        run.latency = LatencySummary(p50: 4_350)
        #expect(try Self.outcome("p50=4.35ms", run).isMet)
    }

    @Test(arguments: ["", "first_", "median_", "last_", "ack_"], ["p50", "p90", "p99", "p999", "max"])
    func `every latency can be asked for`(prefix: String, quantile: String) throws {
        #expect(try Self.outcome("\(prefix)\(quantile)<1s").isMet)
        #expect(try !Self.outcome("\(prefix)\(quantile)<1us").isMet)
    }

    @Test(arguments: [
        ("deliveries_per_second>=25000", "25,000/s"), ("messages_per_second=25", "25/s"), ("duplicates=0", "0"),
        ("out_of_order<1", "0"), ("cpu_us_per_delivery<=20", "20 µs"), ("cpu_us_per_message<20000.5", "20,000 µs"),
        ("rss_bytes_per_connection<=18000", "18,000 B"),
    ])
    func `numbers can be asked for`(text: String, measured: String) throws {
        let outcome = try Self.outcome(text)
        #expect(outcome.isMet)
        #expect(outcome.measured == measured)
    }

    @Test(arguments: [
        ("connects_per_second>=2000", "2,000/s"), ("settled_ms<=512.5", "512.5 ms"),
        ("count_frames_per_second<5", "4/s"),
    ])
    func `figures of connecting can be asked for`(text: String, measured: String) throws {
        let outcome = try Self.outcome(text, SampleRuns.connect)
        #expect(outcome.isMet)
        #expect(outcome.measured == measured)
    }

    @Test(arguments: ["missing=0", "last_p99<10s", "deliveries_per_second>=0", "cpu_us_per_delivery<1000"])
    func `a figure the scenario does not have is missed`(text: String) throws {
        let expected = ServiceLevelOutcome(text: text, measured: "none", isMet: false)
        #expect(try Self.outcome(text, SampleRuns.connect) == expected)
    }

    @Test func `what was measured is not rounded onto the limit`() throws {
        var run = SampleRuns.fanout
        (run.deliveriesPerSecond, run.latency) = (99_999.7, LatencySummary(p99: 200_004, max: 2_000_001))
        #expect(try Self.outcome("deliveries_per_second>=100000", run).measured == "99,999.7/s")
        #expect(try Self.outcome("p99<=200ms", run).measured == "200.004 ms")
        #expect(try Self.outcome("max<=2s", run).measured == "2.000001 s")
    }

    @Test(arguments: [
        ("", "an empty condition"), ("p99<2ms,", "an empty condition"), (",p99<2ms", "an empty condition"),
        ("p99", "'p99'"), ("p99!2ms", "'p99!2ms'"), ("p98<2ms", "'p98'"), ("<2ms", "''"), ("P99<2ms", "'P99'"),
        ("first_missing=0", "'first_missing'"), ("p99<", "''"), ("p99<200", "'200'"), ("p99<2m", "'2m'"),
        ("p99<-2ms", "'-2ms'"), ("p99<1e3ms", "'1e3ms'"), ("p99<.5ms", "'.5ms'"), ("p99<5.ms", "'5.ms'"),
        ("p99<<2ms", "'<2ms'"), ("p99==2ms", "'=2ms'"), ("p99=<2ms", "'<2ms'"), ("p99<2ms<3ms", "'2ms<3ms'"),
        ("missing=0.5", "'0.5'"), ("missing=none", "'none'"), ("settled_ms<5ms", "'5ms'"),
        ("deliveries_per_second>inf", "'inf'"), ("deliveries_per_second>0x10", "'0x10'"),
        ("messages_per_second>9999999999999999", "'9999999999999999'"), ("p50<1ms;p99<2ms", "'1ms;p99<2ms'"),
    ])
    func `what is no condition is refused by its faulty part`(text: String, part: String) throws {
        let error = #expect(throws: ChatError.self) { try ServiceLevel(text) }
        #expect(error?.code == .usage)
        #expect(error?.message.contains(part) == true)
    }

    @Test func `a refusal lists all names`() throws {
        let error = #expect(throws: ChatError.self) { try ServiceLevel("speed>1") }
        let hint = try #require(error?.hint)
        let names = [
            "p50", "p90", "p99", "p999", "max", "first_", "median_", "last_", "ack_", "missing", "duplicates",
            "out_of_order", "deliveries_per_second", "messages_per_second", "connects_per_second",
            "cpu_us_per_delivery", "cpu_us_per_message", "rss_bytes_per_connection", "settled_ms",
            "count_frames_per_second",
        ]
        for name in names { #expect(hint.contains(name)) }
    }
}
