import ChatCore
import ChatWire

@testable import ChatBench

/// Made-up results of each scenario, with round figures.
enum SampleRuns {
    static var fanout: BenchResult {
        var run = BenchResult(scenario: "fanout")
        run.settings = [("clients", "1000"), ("window", "1"), ("server", "http://127.0.0.1:1")]
        (run.clients, run.publishers, run.payloadBytes, run.messages) = (1_000, 1, 128, 250)
        (run.deliveries, run.expected, run.ledger) = (250_000, 250_000, LedgerSums())
        (run.seconds, run.deliveriesPerSecond, run.messagesPerSecond) = (10, 25_000, 25)
        run.latency = latency(1_000)
        run.first = latency(100)
        run.median = latency(1_100)
        run.last = latency(2_000)
        run.ack = latency(50)
        run.server = ServerUsage(residentBytes: 61_000_000, bytesPerConnection: 18_000, cpuSeconds: 5)
        (run.residentBytesBefore, run.generatorCPUSeconds) = (43_000_000, 2.5)
        run.curve = [(0, 500), (50, 1_000), (90, 2_000), (99, 4_000), (99.9, 5_000), (100, 6_000)]
        run.timeline = (1...20).map { TimelinePoint(at: Double($0) / 2, perSecond: 25_000, p50: 1_000, p99: 4_000) }
        run.machine = "EPYC, 2 cores, Linux"
        return run
    }

    static var ingest: BenchResult {
        var run = fanout
        (run.scenario, run.first, run.median, run.last) = ("ingest", nil, nil, nil)
        run.ack = run.latency
        return run
    }

    static var connect: BenchResult {
        var run = BenchResult(scenario: "connect")
        (run.clients, run.seconds, run.connectsPerSecond, run.latency) = (5_000, 2.5, 2_000, latency(10_000))
        (run.settledMilliseconds, run.countFramesPerSecond) = (512.5, 4)
        (run.residentBytesBefore, run.residentBytesAfterClose) = (43_000_000, 45_000_000)
        return run
    }

    static var history: BenchResult {
        var run = BenchResult(scenario: "history")
        (run.clients, run.messages, run.seconds, run.messagesPerSecond) = (1, 40_000, 10, 4_000)
        run.latency = latency(200)
        run.depths = [
            DepthLatency(depth: 0, latency: latency(100)), DepthLatency(depth: 200_000, latency: latency(300)),
        ]
        return run
    }

    /// A distribution with this median, in microseconds.
    static func latency(_ p50: UInt64) -> LatencySummary {
        LatencySummary(p50: p50, p90: 2 * p50, p99: 4 * p50, p999: 5 * p50, max: 6 * p50)
    }

    /// A run as `bench --json` prints it, read as a baseline.
    static func baseline(of run: BenchResult) throws(ChatError) -> Baseline {
        var json = JSONWriter()
        json.benchResult(run)
        return try Baseline(json: json.bytes)
    }
}

extension BenchResult {
    /// The same run with a change.
    func with(_ change: (inout BenchResult) -> Void) -> BenchResult {
        var run = self
        change(&run)
        return run
    }
}
