import ChatCore
import Synchronization
import Testing

@testable import ChatBench

@Suite struct MeasurementTests {
    /// A scenario whose runs find what is prescribed, one after the other.
    private final class Prescribed: Scenario {
        let results: Mutex<[Result<BenchResult, ChatError>]>
        var needs: ServerNeeds { ServerNeeds(rooms: 1) }
        var settings: [(name: String, value: String)] { [("clients", "1000")] }

        init(_ results: [Result<BenchResult, ChatError>]) {
            self.results = Mutex(results)
        }

        func run(on server: ServerUnderTest, _ control: RunControl) throws(ChatError) -> BenchResult {
            try results.withLock { $0.isEmpty ? .success(BenchResult(scenario: "none")) : $0.removeFirst() }.get()
        }
    }

    /// What a measurement did besides measuring.
    private final class Record: Sendable {
        let found = Atomic(0)
        let released = Atomic(0)
        let notices = Mutex<[String]>([])
        let isStopped = Atomic(false)
    }

    private static func measure(
        _ results: [Result<BenchResult, ChatError>], _ record: Record = Record(), isTemporary: Bool = true,
        hasBaseline: Bool = true, stopsAtFind: Int? = nil
    ) async throws -> Measurement.Report {
        let baseline = hasBaseline ? try SampleRuns.baseline(of: SampleRuns.fanout) : nil
        let criteria = try PassCriteria(serviceLevel: nil, baseline: baseline, maxRegress: "10%")
        let control = RunControl(
            isStopped: { record.isStopped.load(ordering: .relaxed) }, progress: { _ in })
        let measurement = Measurement(
            Prescribed(results), criteria, control, notice: { text in record.notices.withLock { $0.append(text) } }
        ) { () throws(ChatError) in
            let number = record.found.add(1, ordering: .relaxed).newValue
            if number == stopsAtFind { record.isStopped.store(true, ordering: .relaxed) }
            return try SampleServers.none(isTemporary: isTemporary) {
                record.released.add(1, ordering: .relaxed)
            }
        }
        return try await measurement.perform()
    }

    private static func runs(_ record: Record) -> [Int] {
        [record.found.load(ordering: .relaxed), record.released.load(ordering: .relaxed)]
    }

    private static let slow = SampleRuns.fanout.with { $0.deliveriesPerSecond = 20_000 }

    // MARK: One run

    @Test func `a run that holds is the result`() async throws {
        let record = Record()
        let report = try await Self.measure([.success(SampleRuns.fanout)], record)
        #expect(Self.runs(record) == [1, 1] && record.notices.withLock { $0.isEmpty })
        #expect(report.result.deliveriesPerSecond == 25_000 && !report.verdict.movements.isEmpty)
        try report.requirePass()
    }

    @Test func `the settings are the server's, the command's and the run's, in this order`() async throws {
        let run = SampleRuns.fanout.with { $0.settings = [("page", "50")] }
        let temporary = try await Self.measure([.success(run)])
        #expect(temporary.result.settings.map(\.name) == ["server", "clients", "page"])
        #expect(temporary.result.settings[0].value == "a temporary one" && !temporary.result.machine.isEmpty)
        let existing = try await Self.measure([.success(run)], isTemporary: false)
        #expect(existing.result.settings[0].value == "http://127.0.0.1:9")
    }

    @Test func `a server is released after a failure too`() async throws {
        let record = Record()
        let failure = ChatError(.unavailable, "server: gone")
        await #expect(throws: failure) { try await Self.measure([.failure(failure)], record) }
        #expect(Self.runs(record) == [1, 1])
    }

    @Test func `a baseline of other settings is refused`() async throws {
        let other = SampleRuns.fanout.with { $0.clients = 5 }
        let error = await #expect(throws: ChatError.self) { try await Self.measure([.success(other)]) }
        #expect(error?.code == .invalidInput)
    }

    // MARK: More runs

    @Test func `a run that is worse is repeated until one holds`() async throws {
        let record = Record()
        let report = try await Self.measure([.success(Self.slow), .success(SampleRuns.fanout)], record)
        #expect(Self.runs(record) == [2, 2])
        #expect(record.notices.withLock { $0 } == ["worse than the baseline: measuring once more"])
        try report.requirePass()
        #expect(report.verdict.remarks == ["NOW is the best of 2 runs, for each figure."])
    }

    @Test func `three runs that are worse are a regression`() async throws {
        let record = Record()
        let report = try await Self.measure(Array(repeating: .success(Self.slow), count: 5), record)
        #expect(Self.runs(record) == [3, 3])
        let error = #expect(throws: ChatError.self) { try report.requirePass() }
        #expect(error?.code == .expectationFailed && error?.message.contains("deliveries_per_second") == true)
    }

    @Test func `without a baseline nothing is repeated`() async throws {
        let record = Record()
        try await Self.measure([.success(Self.slow)], record, hasBaseline: false).requirePass()
        #expect(Self.runs(record) == [1, 1])
    }

    @Test func `a failure of a later run is the measurement's`() async throws {
        let failure = ChatError(.unavailable, "server: gone")
        await #expect(throws: failure) { try await Self.measure([.success(Self.slow), .failure(failure)]) }
    }

    @Test func `memory per connection is the first run's on a server that keeps running`() async throws {
        func memory(_ bytes: Double) -> Result<BenchResult, ChatError> {
            .success(Self.slow.with { $0.server?.bytesPerConnection = bytes })
        }
        let results = [memory(18_000), memory(500), memory(400)]
        let existing = try await Self.measure(results, isTemporary: false)
        #expect(existing.result.server?.bytesPerConnection == 18_000)
        let temporary = try await Self.measure(results)
        #expect(temporary.result.server?.bytesPerConnection == 400)
    }

    // MARK: Interrupts

    @Test func `an interrupt before the first run is an error`() async throws {
        let record = Record()
        let error = await #expect(throws: ChatError.self) {
            try await Self.measure([.success(SampleRuns.fanout)], record, stopsAtFind: 1)
        }
        #expect(error?.code == .interrupted && Self.runs(record) == [1, 1])
    }

    @Test func `an interrupt of the first run gives its figures, without a verdict`() async throws {
        let report = try await Self.measure([.success(Self.slow.with { ($0.isPartial, $0.messages) = (true, 7) })])
        #expect(report.result.messages == 7 && report.verdict == .none)
        let error = #expect(throws: ChatError.self) { try report.requirePass() }
        #expect(error?.code == .interrupted)
    }

    @Test func `an interrupt between two runs gives the figures of the first`() async throws {
        let record = Record()
        let report = try await Self.measure([.success(Self.slow), .success(SampleRuns.fanout)], record, stopsAtFind: 2)
        #expect(report.result.isPartial && report.result.deliveriesPerSecond == 20_000)
        #expect(report.verdict == .none && Self.runs(record) == [2, 2])
    }

    @Test func `an interrupt of a later run gives the figures of the last whole one`() async throws {
        let cut = SampleRuns.fanout.with { ($0.isPartial, $0.messages) = (true, 1) }
        for later: Result<BenchResult, ChatError> in [.success(cut), .failure(ChatError(.interrupted, "stopped"))] {
            let report = try await Self.measure([.success(Self.slow), later])
            #expect(report.result.isPartial && report.result.messages == 250)
        }
    }
}
