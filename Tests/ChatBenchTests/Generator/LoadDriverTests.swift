import ChatCore
import Synchronization
import Testing

@testable import ChatBench

/// Whole runs of the posting scenarios against a server in this process.
@Suite(.serialized) struct LoadDriverTests {
    private static func plan(_ change: (inout LoadPlan) -> Void = { _ in }) -> LoadPlan {
        var plan = LoadPlan()
        (plan.clients, plan.messages, plan.duration, plan.warmUp) = (3, 50, .seconds(60), .zero)
        change(&plan)
        return plan
    }

    private static func fanout(
        _ plan: LoadPlan, _ faults: TinyServer.Faults = TinyServer.Faults(), _ control: RunControl = .silent
    ) throws -> BenchResult {
        let server = try TinyServer(faults)
        defer { server.stop() }
        return try FanoutScenario(plan).run(on: SampleServers.at(server), control)
    }

    @Test func `fan-out in a closed loop delivers every message to everyone`() throws {
        let result = try Self.fanout(Self.plan { ($0.publishers, $0.window) = (2, 4) })
        #expect((result.scenario, result.clients, result.publishers) == ("fanout", 3, 2))
        #expect((result.messages, result.deliveries, result.expected) == (50, 150, 150))
        #expect(result.ledger == LedgerSums() && result.refused == [:] && !result.isPartial)
        #expect((result.window, result.rate) == (4, nil))
        let latencies = [result.latency, result.first, result.median, result.last, result.ack]
        #expect(latencies.allSatisfy { $0.map { $0.p50 <= $0.p99 && $0.p99 <= $0.max } ?? false })
        #expect(result.seconds > 0 && (result.deliveriesPerSecond ?? 0) > 0 && !result.curve.isEmpty)
    }

    @Test func `an open loop sends as many messages as its schedule has`() throws {
        let result = try Self.fanout(
            Self.plan { ($0.rate, $0.duration, $0.messages) = (200, .milliseconds(200), nil) })
        #expect((result.messages, result.deliveries) == (40, 120))
        #expect((result.window, result.rate) == (nil, 200))
    }

    @Test func `the warm-up does not count`() throws {
        let result = try Self.fanout(Self.plan { ($0.warmUp, $0.messages) = (.milliseconds(50), 5) })
        #expect((result.messages, result.deliveries, result.ledger) == (5, 15, LedgerSums()))
    }

    @Test func `refused messages do not hold up the run and count as missing`() throws {
        let faults = TinyServer.Faults(refuses: { $0 % 5 == 0 })
        let result = try Self.fanout(Self.plan(), faults)
        #expect(result.refused == ["muted": 10])
        #expect((result.messages, result.deliveries, result.expected) == (50, 120, 150))
        #expect(result.ledger == LedgerSums(missing: 30))
    }

    @Test func `ingest counts acks, and deliveries to each room's members`() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let plan = Self.plan { ($0.clients, $0.publishers, $0.window) = (2, 2, 8) }
        let scenario = IngestScenario(plan, rooms: 1, members: 2)
        let result = try scenario.run(on: SampleServers.at(server), .silent)
        #expect((result.messages, result.deliveries, result.expected) == (50, 100, 100))
        #expect(result.ledger == LedgerSums() && result.latency == result.ack && result.latency != nil)
    }

    @Test func `a server that closes ends the run with its code`() throws {
        let error = #expect(throws: ChatError.self) {
            try Self.fanout(Self.plan(), TinyServer.Faults(closesOnMessage: true))
        }
        #expect(error?.code == .unavailable && error?.message.contains("4008") == true)
    }

    @Test func `a refused handshake ends the run`() throws {
        let error = #expect(throws: ChatError.self) {
            try Self.fanout(Self.plan(), TinyServer.Faults(status: "403 Forbidden"))
        }
        #expect(error?.message.contains("403 Forbidden") == true)
    }

    @Test func `stopping while connecting is an interrupt`() throws {
        let stopped = RunControl(isStopped: { true }, progress: { _ in })
        let error = #expect(throws: ChatError.self) { try Self.fanout(Self.plan(), TinyServer.Faults(), stopped) }
        #expect(error?.code == .interrupted)
    }

    @Test func `stopping while measuring gives the figures so far, of whole messages`() throws {
        let said = Mutex<[String]>([])
        let control = RunControl(
            isStopped: { said.withLock { $0.contains { $0.hasPrefix("measuring") } } },
            progress: { text in said.withLock { $0.append(text) } })
        let result = try Self.fanout(Self.plan { $0.messages = nil }, TinyServer.Faults(), control)
        #expect(result.isPartial && result.messages > 0)
        #expect(result.deliveries == 3 * result.messages && result.ledger == LedgerSums())
    }
}
