import ChatCore
import Testing

@testable import ChatBench

@Suite struct BaselineTests {
    private static func baseline(_ text: String) throws(ChatError) -> Baseline { try Baseline(json: Array(text.utf8)) }

    /// The row of one figure after a change, with ten percent allowed.
    private static func movement(
        _ name: String, from old: BenchResult = SampleRuns.fanout, _ change: (inout BenchResult) -> Void
    ) throws -> BaselineMovement {
        var new = old
        change(&new)
        let movements = try SampleRuns.baseline(of: old).compare([new], maxRegress: 0.1)
        return try #require(movements.first { $0.name == name })
    }

    // MARK: Reading

    @Test func `unknown fields are passed over and absent figures are none`() throws {
        let text = """
            {"scenario":"fanout","clients":1000,"publishers":1,"payload_bytes":128,"colour":[{"x":null}],
            "latency_us":{"p50":1000,"p75":9},"missing":null}
            """
        let movements = try Self.baseline(text).compare([SampleRuns.fanout], maxRegress: 0.1)
        let median = try #require(movements.first { $0.name == "p50" })
        #expect(median.old == "1 ms" && median.percent == 0)
        let missing = try #require(movements.first { $0.name == "missing" })
        #expect(missing.old == "none" && missing.change == "-" && !missing.isRegression)
    }

    @Test(arguments: [
        ("", "not JSON"), ("nonsense", "not JSON"), ("[1]", "the document"), ("{}", "no scenario"),
        (#"{"error":{"code":"usage","message":"m"}}"#, "no scenario"),
        (#"{"scenario":"fanout","publishers":1,"payload_bytes":1}"#, "no clients"),
        (#"{"scenario":"fanout","clients":"many","publishers":1,"payload_bytes":1}"#, "clients has the wrong type"),
        (#"{"scenario":null,"clients":1,"publishers":1,"payload_bytes":1}"#, "scenario is null"),
        (#"{"scenario":"x","clients":1.5,"publishers":1,"payload_bytes":1}"#, "a number is out of range"),
        (
            #"{"scenario":"x","clients":1,"publishers":1,"payload_bytes":1,"latency_us":{"p50":"fast"}}"#,
            "latency_us.p50 has the wrong type"
        ),
    ])
    func `what is no output of bench is refused with the reason`(text: String, reason: String) {
        let error = #expect(throws: ChatError.self) { try Self.baseline(text) }
        #expect(error?.code == .invalidInput)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test func `figures beyond all bounds are shown and do not trap`() throws {
        let text = """
            {"scenario":"fanout","clients":1000,"publishers":1,"payload_bytes":128,"deliveries_per_second":1e300,
            "messages_per_second":1e-300,"latency_us":{"p50":-1e300},"missing":1e300}
            """
        let movements = try Self.baseline(text).compare([SampleRuns.fanout], maxRegress: 0.1)
        let messages = try #require(movements.first { $0.name == "messages_per_second" })
        #expect(messages.outcome == .better && messages.change == "+1000000000 %")
        #expect(movements.first { $0.name == "missing" }?.old == "1,000,000,000,000")
    }

    // MARK: Comparing

    @Test func `a run is comparable with itself and holds`() throws {
        for run in [SampleRuns.fanout, SampleRuns.ingest, SampleRuns.connect, SampleRuns.history] {
            let baseline = try SampleRuns.baseline(of: run)
            try baseline.requireComparable(with: run)
            let movements = baseline.compare([run], maxRegress: 0.01)
            #expect(!movements.isEmpty)
            #expect(movements.allSatisfy { !$0.isRegression && $0.percent == 0 && $0.old == $0.new })
        }
    }

    @Test func `what two runs do not share is named, and all of it`() throws {
        let baseline = try SampleRuns.baseline(of: SampleRuns.fanout)
        var other = SampleRuns.fanout
        (other.scenario, other.clients, other.publishers, other.payloadBytes) = ("ingest", 10, 2, 64)
        let error = #expect(throws: ChatError.self) { try baseline.requireComparable(with: other) }
        #expect(error?.code == .invalidInput)
        #expect(
            error?.message
                == "baseline: not of the same run: scenario was fanout and is ingest, clients was 1000 and is 10, "
                + "publishers was 1 and is 2, payload_bytes was 128 and is 64")
        other = SampleRuns.fanout
        other.payloadBytes = 129
        let single = #expect(throws: ChatError.self) { try baseline.requireComparable(with: other) }
        #expect(single?.message == "baseline: not of the same run: payload_bytes was 128 and is 129")
    }

    @Test(arguments: [
        (22_500.0, BaselineMovement.Outcome.held), (22_499.9, .regression), (25_000, .held), (27_500, .held),
        (27_500.1, .better), (50_000, .better), (0, .regression),
    ])
    func `fewer deliveries are a regression past the share, more never`(
        rate: Double, outcome: BaselineMovement.Outcome
    ) throws {
        let movement = try Self.movement("deliveries_per_second") { $0.deliveriesPerSecond = rate }
        #expect(movement.outcome == outcome)
    }

    @Test(arguments: [(1_100 as UInt64, false), (1_101, true), (1, false)])
    func `a longer median is a regression past the share, a shorter never`(p50: UInt64, isRegression: Bool) throws {
        let movement = try Self.movement("p50") { $0.latency?.p50 = p50 }
        #expect(movement.isRegression == isRegression)
    }

    @Test(arguments: [(4_401 as UInt64, false), (5_200, false), (5_201, true)])
    func `a tail has three times the share`(p99: UInt64, isRegression: Bool) throws {
        #expect(try Self.movement("p99") { $0.latency?.p99 = p99 }.isRegression == isRegression)
        #expect(try Self.movement("last_p99") { $0.last?.p99 = 2 * p99 }.isRegression == isRegression)
    }

    @Test func `messages, connects, processor and memory are held`() throws {
        #expect(try Self.movement("messages_per_second") { $0.messagesPerSecond = 22.4 }.isRegression)
        #expect(try Self.movement("cpu_us_per_delivery") { $0.server?.cpuSeconds = 5.51 }.isRegression)
        #expect(try Self.movement("cpu_us_per_message") { $0.server?.cpuSeconds = 5.51 }.isRegression)
        #expect(try !Self.movement("cpu_us_per_delivery") { $0.server?.cpuSeconds = 5.5 }.isRegression)
        #expect(try Self.movement("rss_bytes_per_connection") { $0.server?.bytesPerConnection = 19_801 }.isRegression)
        #expect(try !Self.movement("rss_bytes_per_connection") { $0.server?.bytesPerConnection = 19_800 }.isRegression)
        let connects = try Self.movement("connects_per_second", from: SampleRuns.connect) {
            $0.connectsPerSecond = 1_799
        }
        #expect(connects.isRegression)
    }

    @Test func `any rise of what is missing, doubled or out of order is a regression`() throws {
        #expect(try Self.movement("missing") { $0.ledger?.missing = 1 }.isRegression)
        #expect(try Self.movement("duplicates") { $0.ledger?.duplicates = 1 }.isRegression)
        #expect(try Self.movement("out_of_order") { $0.ledger?.outOfOrder = 1 }.isRegression)
        var many = SampleRuns.fanout
        many.ledger?.missing = 1_000
        #expect(try Self.movement("missing", from: many) { $0.ledger?.missing = 1_001 }.isRegression)
        #expect(try Self.movement("missing", from: many) { $0.ledger?.missing = 999 }.outcome == .better)
    }

    @Test func `a figure that the run lacks was not held`() throws {
        let movement = try Self.movement("cpu_us_per_delivery") { $0.server = nil }
        #expect(movement.isRegression && movement.new == "none" && movement.percent == nil)
        #expect(!movement.mayBeChance)
    }

    @Test func `a figure counts as worse when it was worse in every run`() throws {
        let old = SampleRuns.fanout
        let (slow, slower) = (Self.slowed(to: 20_000), Self.slowed(to: 18_000))
        func deliveries(_ runs: BenchResult...) throws -> BaselineMovement {
            let movements = try SampleRuns.baseline(of: old).compare(runs, maxRegress: 0.1)
            return try #require(movements.first { $0.name == "deliveries_per_second" })
        }
        #expect(try deliveries(slower, slow).isRegression)
        #expect(try deliveries(slower, slow).percent == -20)
        #expect(try !deliveries(slower, slow, old).isRegression)
    }

    @Test func `a message that was lost in one run is not made up for by another`() throws {
        var losing = SampleRuns.fanout
        losing.ledger?.missing = 1
        let movements = try SampleRuns.baseline(of: SampleRuns.fanout).compare(
            [losing, SampleRuns.fanout], maxRegress: 0.1)
        let missing = try #require(movements.first { $0.name == "missing" })
        #expect(missing.isRegression && !missing.mayBeChance)
    }

    /// The machine is as slow as the generator's CPU says: the baseline had 10 µs a delivery.
    @Test(arguments: [
        (2.5, 22_499.0, BaselineMovement.Outcome.regression), (2.5, 25_000, .held), (2.5, 27_501, .better),
        (3, 18_800, .held), (3, 18_700, .regression), (3, 25_000, .better),
        (2, 28_200, .held), (2, 28_100, .regression), (2, 34_500, .better),
        // More than 1.3 is not the machine's.
        (10, 17_400, .held), (10, 17_300, .regression), (0.1, 29_300, .held), (0.1, 29_200, .regression),
    ])
    func `a rate is compared as on a machine of the same speed`(
        generator: Double, rate: Double, outcome: BaselineMovement.Outcome
    ) throws {
        let movement = try Self.movement("deliveries_per_second") {
            ($0.generatorCPUSeconds, $0.deliveriesPerSecond) = (generator, rate)
        }
        #expect(movement.outcome == outcome)
    }

    @Test func `times go the other way, and memory does not follow the machine`() throws {
        func onSlowMachine(_ name: String, _ change: (inout BenchResult) -> Void) throws -> BaselineMovement {
            try Self.movement(name) {
                $0.generatorCPUSeconds = 3
                change(&$0)
            }
        }
        #expect(try onSlowMachine("p50") { $0.latency?.p50 = 1_319 }.outcome == .held)
        #expect(try onSlowMachine("p50") { $0.latency?.p50 = 1_321 }.outcome == .regression)
        #expect(try onSlowMachine("cpu_us_per_delivery") { $0.server?.cpuSeconds = 6.59 }.outcome == .held)
        #expect(try onSlowMachine("rss_bytes_per_connection") { $0.server?.bytesPerConnection = 19_801 }.isRegression)
    }

    @Test func `on a schedule the generator tells nothing of the machine`() throws {
        var old = SampleRuns.fanout
        (old.window, old.rate) = (nil, 25)
        let movement = try Self.movement("messages_per_second", from: old) { $0.generatorCPUSeconds = 0.1 }
        #expect(movement.percent == 0)
    }

    @Test func `a server that may be elsewhere is not measured by the generator's machine`() throws {
        var old = SampleRuns.fanout
        old.server = nil
        let movement = try Self.movement("deliveries_per_second", from: old) { $0.generatorCPUSeconds = 5 }
        #expect(movement.percent == 0)
    }

    @Test func `runs at another pace are not compared, but with an older document they are`() throws {
        var old = SampleRuns.fanout
        old.window = 1
        var new = old
        new.window = 32
        let error = #expect(throws: ChatError.self) { try SampleRuns.baseline(of: old).requireComparable(with: new) }
        #expect(error?.message == "baseline: not of the same run: window was 1 and is 32")
        (new.window, new.rate) = (nil, 20)
        let other = #expect(throws: ChatError.self) { try SampleRuns.baseline(of: old).requireComparable(with: new) }
        #expect(
            other?.message == "baseline: not of the same run: window was 1 and is none, rate was none and is 20")
        try SampleRuns.baseline(of: SampleRuns.fanout).requireComparable(with: old)
    }

    private static func slowed(to rate: Double) -> BenchResult {
        var run = SampleRuns.fanout
        run.deliveriesPerSecond = rate
        return run
    }

    @Test func `a figure that neither run has is left out`() throws {
        let run = SampleRuns.connect
        let names = try SampleRuns.baseline(of: run).compare([run], maxRegress: 0.1).map(\.name)
        #expect(names == ["connects_per_second", "p50", "p99"])
    }

    @Test func `a movement holds both figures and the signed change`() throws {
        var run = SampleRuns.connect
        (run.connectsPerSecond, run.latency) = (1_500, SampleRuns.latency(11_000))
        let movements = try SampleRuns.baseline(of: SampleRuns.connect).compare([run], maxRegress: 0.1)
        let texts = movements.map { "\($0.name) \($0.old) \($0.new) \($0.change) \($0.outcome.rawValue)" }
        #expect(
            texts == [
                "connects_per_second 2,000/s 1,500/s -25 % regression", "p50 10 ms 11 ms +10 % held",
                "p99 40 ms 44 ms +10 % held",
            ])
        #expect(try Self.movement("missing") { $0.ledger?.missing = 1 }.change == "up from 0")
    }
}
