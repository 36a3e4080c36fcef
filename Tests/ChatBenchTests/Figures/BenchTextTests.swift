import Testing

@testable import ChatBench

@Suite struct BenchTextTests {
    private static func rows(_ run: BenchResult) -> [String] {
        BenchText(run).rows.map { "\($0.figure): \($0.value)" }
    }

    @Test func `the heading names scenario, settings and machine`() {
        #expect(
            BenchText(SampleRuns.fanout).heading == [
                "fanout: clients 1000, window 1, server http://127.0.0.1:1", "EPYC, 2 cores, Linux",
            ])
    }

    @Test func `fan-out has these rows`() {
        #expect(
            Self.rows(SampleRuns.fanout) == [
                "messages: 250", "seconds: 10", "deliveries per second: 25,000", "messages per second: 25",
                "latency: p50 1, p90 2, p99 4, p99.9 5, max 6 ms",
                "first recipient: p50 0.1, p90 0.2, p99 0.4, p99.9 0.5, max 0.6 ms",
                "median recipient: p50 1.1, p90 2.2, p99 4.4, p99.9 5.5, max 6.6 ms",
                "last recipient: p50 2, p90 4, p99 8, p99.9 10, max 12 ms",
                "acknowledgement: p50 0.05, p90 0.1, p99 0.2, p99.9 0.25, max 0.3 ms",
                "missing, duplicate, out of order: 0, 0, 0", "server CPU per delivery: 20 µs",
                "server CPU per message: 20000 µs", "server CPU: 50 % of a core", "server memory: 61 MB",
                "server memory per connection: 18,000 bytes", "server memory before: 43 MB",
                "generator CPU: 25 % of a core",
            ])
    }

    @Test func `connect has no messages but presence and memory`() {
        #expect(
            Self.rows(SampleRuns.connect) == [
                "seconds: 2.5", "connects per second: 2,000", "latency: p50 10, p90 20, p99 40, p99.9 50, max 60 ms",
                "presence settled after: 512.5 ms", "count frames per second, at most: 4",
                "server memory after closing: 45 MB", "server memory before: 43 MB", "generator CPU: 0 % of a core",
            ])
    }

    @Test func `history counts pages, by depth`() {
        let rows = Self.rows(SampleRuns.history)
        #expect(rows.contains("pages: 40,000") && rows.contains("pages per second: 4,000"))
        #expect(rows.contains("depth 200,000: p50 0.3, p90 0.6, p99 1.2, p99.9 1.5, max 1.8 ms"))
    }

    @Test func `the latency of ingest is that of its acks, told once`() {
        #expect(Self.rows(SampleRuns.ingest).filter { $0.contains("p99.9") }.count == 1)
    }

    @Test func `remarks warn of what the figures alone do not say`() {
        #expect(BenchText(SampleRuns.fanout).remarks.isEmpty)
        let limited = BenchText(SampleRuns.fanout.with { $0.generatorWasLimit = true })
        #expect(limited.remarks.count == 1 && limited.remarks[0].contains("load generator was the bottleneck"))
        let refused = BenchText(SampleRuns.fanout.with { $0.refused = ["muted": 2] })
        #expect(refused.remarks == ["Refused messages count as missing."])
        #expect(refused.rows.contains { $0 == ("refused", "2 muted") })
        let partial = BenchText(SampleRuns.fanout.with { $0.isPartial = true })
        #expect(partial.remarks.count == 1 && partial.remarks[0].contains("interrupted"))
    }

    @Test func `a run of no time does not trap`() {
        #expect(Self.rows(BenchResult(scenario: "fanout")).contains("generator CPU: 0 % of a core"))
    }
}
