import ChatWire
import Testing

@testable import ChatBench

/// Golden documents: scripts and stored baselines read these fields in these forms.
@Suite struct BenchResultJSONTests {
    private static func json(_ run: BenchResult) -> String {
        var json = JSONWriter()
        json.benchResult(run)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `fan-out has all its figures`() {
        let run = SampleRuns.fanout.with {
            ($0.window, $0.refused) = (1, ["rate_limited": 2, "muted": 1])
            $0.ledger = LedgerSums(missing: 3)
        }
        #expect(
            Self.json(run) == #"{"scenario":"fanout","clients":1000,"publishers":1,"messages":250,"payload_bytes":128,"#
                + #""deliveries":250000,"expected":250000,"missing":3,"duplicates":0,"out_of_order":0,"seconds":10,"#
                + #""deliveries_per_second":25000,"messages_per_second":25,"connects_per_second":null,"#
                + #""latency_us":{"p50":1000,"p90":2000,"p99":4000,"p999":5000,"max":6000},"#
                + #""server":{"rss_bytes":61000000,"rss_bytes_per_connection":18000,"cpu_seconds":5},"#
                + #""first_us":{"p50":100,"p90":200,"p99":400,"p999":500,"max":600},"#
                + #""median_us":{"p50":1100,"p90":2200,"p99":4400,"p999":5500,"max":6600},"#
                + #""last_us":{"p50":2000,"p90":4000,"p99":8000,"p999":10000,"max":12000},"#
                + #""ack_us":{"p50":50,"p90":100,"p99":200,"p999":250,"max":300},"#
                + #""cpu_us_per_delivery":20,"cpu_us_per_message":20000,"settled_ms":null,"#
                + #""count_frames_per_second":null,"rss_bytes_before":43000000,"rss_bytes_after_close":null,"#
                + #""depths":null,"refused":{"muted":1,"rate_limited":2},"window":1,"rate":null,"#
                + #""generator_cpu_seconds":2.5,"generator_was_limit":false,"partial":false}"#)
    }

    @Test func `what was not measured is null`() {
        #expect(
            Self.json(BenchResult(scenario: "connect"))
                == #"{"scenario":"connect","clients":0,"publishers":0,"messages":0,"payload_bytes":0,"#
                + #""deliveries":null,"expected":null,"missing":null,"duplicates":null,"out_of_order":null,"seconds":0,"#
                + #""deliveries_per_second":null,"messages_per_second":null,"connects_per_second":null,"#
                + #""latency_us":null,"server":null,"first_us":null,"median_us":null,"last_us":null,"ack_us":null,"#
                + #""cpu_us_per_delivery":null,"cpu_us_per_message":null,"settled_ms":null,"#
                + #""count_frames_per_second":null,"rss_bytes_before":null,"rss_bytes_after_close":null,"#
                + #""depths":null,"refused":null,"window":null,"rate":null,"generator_cpu_seconds":0,"#
                + #""generator_was_limit":false,"partial":false}"#)
    }

    @Test func `history has its depths, connect its presence`() {
        let history = Self.json(SampleRuns.history)
        #expect(
            history.contains(
                #""depths":[{"depth":0,"latency_us":{"p50":100,"p90":200,"p99":400,"p999":500,"max":600}},{"depth":200000,"#
            ))
        let connect = Self.json(SampleRuns.connect)
        #expect(connect.contains(#""settled_ms":512.5,"count_frames_per_second":4,"#))
        #expect(connect.contains(#""rss_bytes_before":43000000,"rss_bytes_after_close":45000000,"#))
    }

    @Test func `flags and an open loop's rate are told, decimals have three places`() {
        let run = SampleRuns.fanout.with {
            ($0.generatorWasLimit, $0.isPartial, $0.rate, $0.seconds) = (true, true, 0.25, 1.23456)
        }
        let json = Self.json(run)
        #expect(json.hasSuffix(#""rate":0.25,"generator_cpu_seconds":2.5,"generator_was_limit":true,"partial":true}"#))
        #expect(json.contains(#""seconds":1.235,"#))
    }
}
