import ChatCore
import Testing

@testable import ChatBench
@testable import ChatCommands

@Suite struct BenchOutputTests {
    @Test func `a result is a heading, a table and remarks`() {
        var result = BenchResult(scenario: "fanout")
        (result.settings, result.machine) = ([("clients", "2"), ("window", "1")], "EPYC")
        (result.seconds, result.messages, result.isPartial) = (2, 50, true)
        #expect(
            BenchOutput.lines(BenchText(result)) == [
                "fanout: clients 2, window 1", "EPYC", "FIGURE         VALUE", "messages       50",
                "seconds        2", "generator CPU  0 % of a core",
                "The run was interrupted: these are the figures so far.",
            ])
    }

    @Test func `a verdict is a table of conditions, one of movements, and remarks`() {
        let outcomes = [
            ServiceLevelOutcome(text: "p99<200ms", measured: "4 ms", isMet: true),
            ServiceLevelOutcome(text: "missing>0", measured: "0", isMet: false),
        ]
        let movements = [
            BaselineMovement(
                name: "p50", old: "10 ms", new: "11 ms", percent: 10, worsening: 0.1, outcome: .held, mayBeChance: true)
        ]
        #expect(
            BenchOutput.lines(Verdict(outcomes: outcomes, movements: movements, remarks: ["A remark."])) == [
                "CONDITION  MEASURED  RESULT", "p99<200ms  4 ms      met", "missing>0  0         missed",
                "FIGURE  BASELINE  NOW    CHANGE  RESULT", "p50     10 ms     11 ms  +10 %   held", "A remark.",
            ])
        #expect(BenchOutput.lines(Verdict(outcomes: [], movements: [], remarks: [])).isEmpty)
    }
}
