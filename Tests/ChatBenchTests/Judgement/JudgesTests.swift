import ChatCore
import ChatWire
import Foundation
import Testing

@testable import ChatCommands

@Suite struct JudgesTests {
    /// Judges with ``SampleRuns/fanout`` as the baseline.
    private static func judges(slo: String? = nil) throws -> Judges {
        let file = FileManager.default.temporaryDirectory.appending(path: "judges-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        var json = JSONWriter()
        json.benchResult(SampleRuns.fanout)
        try Data(json.bytes).write(to: file)
        var options = try BenchOptions.parse([])
        (options.baseline, options.slo) = (file.path, slo)
        return try Judges(options)
    }

    private static var slow: BenchResult {
        var run = SampleRuns.fanout
        run.deliveriesPerSecond = 20_000
        return run
    }

    @Test func `a run that holds is enough`() throws {
        #expect(try !Self.judges().wantAnother(after: [SampleRuns.fanout]))
        #expect(try !Self.judges().wantAnother(after: [Self.slow, SampleRuns.fanout]))
    }

    @Test func `what is worse is measured three times at most`() throws {
        let judges = try Self.judges()
        #expect(judges.wantAnother(after: [Self.slow]))
        #expect(judges.wantAnother(after: [Self.slow, Self.slow]))
        #expect(!judges.wantAnother(after: [Self.slow, Self.slow, Self.slow]))
    }

    @Test func `what no other run can clear is not measured again`() throws {
        var losing = Self.slow
        losing.ledger?.missing = 1
        #expect(try !Self.judges().wantAnother(after: [losing]))
        var stopped = Self.slow
        stopped.isPartial = true
        #expect(try !Self.judges().wantAnother(after: [stopped]))
        #expect(try !Self.judges(slo: "p50<1us").wantAnother(after: [Self.slow]))
        #expect(try Self.judges(slo: "missing=0").wantAnother(after: [Self.slow]))
    }

    @Test func `without a baseline one run is all`() throws {
        #expect(try !Judges(BenchOptions.parse([])).wantAnother(after: [Self.slow]))
    }
}
