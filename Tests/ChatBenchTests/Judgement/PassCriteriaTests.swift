import ChatCore
import ChatWire
import Testing

@testable import ChatBench

@Suite struct PassCriteriaTests {
    /// Criteria with ``SampleRuns/fanout`` as the baseline.
    private static func criteria(slo: String? = nil) throws -> PassCriteria {
        try PassCriteria(serviceLevel: slo, baseline: SampleRuns.baseline(of: SampleRuns.fanout), maxRegress: "10%")
    }

    private static var slow: BenchResult { SampleRuns.fanout.with { $0.deliveriesPerSecond = 20_000 } }

    // MARK: More runs

    @Test func `a run that holds needs no other`() throws {
        #expect(try !Self.criteria().wantsAnother(after: [SampleRuns.fanout]))
        #expect(try !Self.criteria().wantsAnother(after: [Self.slow, SampleRuns.fanout]))
    }

    @Test func `a regression is measured at most three times`() throws {
        let criteria = try Self.criteria()
        #expect(criteria.wantsAnother(after: [Self.slow]))
        #expect(criteria.wantsAnother(after: [Self.slow, Self.slow]))
        #expect(!criteria.wantsAnother(after: [Self.slow, Self.slow, Self.slow]))
    }

    @Test func `what another run cannot mend is not measured again`() throws {
        #expect(try !Self.criteria().wantsAnother(after: [Self.slow.with { $0.ledger?.missing = 1 }]))
        #expect(try !Self.criteria().wantsAnother(after: [Self.slow.with { $0.isPartial = true }]))
        #expect(try !Self.criteria(slo: "p50<1us").wantsAnother(after: [Self.slow]))
        #expect(try Self.criteria(slo: "missing=0").wantsAnother(after: [Self.slow]))
    }

    @Test func `without a baseline there is one run`() throws {
        let criteria = try PassCriteria(serviceLevel: nil, baseline: nil, maxRegress: "10%")
        #expect(!criteria.wantsAnother(after: [Self.slow]) && !criteria.wantsAnother(after: []))
    }

    // MARK: Verdicts

    @Test func `without criteria everything passes`() throws {
        let verdict = try PassCriteria(serviceLevel: nil, baseline: nil, maxRegress: "10%").judge([Self.slow])
        #expect(verdict == .none)
        try verdict.requirePass()
    }

    @Test func `missed conditions fail and are counted`() throws {
        let verdict = try Self.criteria(slo: "missing=0,p50<1us,p99<1us").judge([SampleRuns.fanout])
        let error = #expect(throws: ChatError.self) { try verdict.requirePass() }
        #expect(error?.code == .expectationFailed)
        #expect(error?.message == "bench: 2 of 3 conditions were missed")
        #expect(verdict.outcomes.map(\.isMet) == [true, false, false])
    }

    @Test func `regressions fail by name`() throws {
        let worse = Self.slow.with { $0.messagesPerSecond = 20 }
        let error = #expect(throws: ChatError.self) { try Self.criteria().judge([worse]).requirePass() }
        #expect(error?.code == .expectationFailed)
        #expect(error?.message == "bench: worse than the baseline: deliveries_per_second, messages_per_second")
    }

    @Test func `conditions are those of the last run, movements those of the best`() throws {
        let verdict = try Self.criteria(slo: "deliveries_per_second>=25000").judge([SampleRuns.fanout, Self.slow])
        #expect(verdict.outcomes.map(\.isMet) == [false])
        #expect(verdict.movements.allSatisfy { !$0.isRegression })
    }

    @Test func `the remarks say how many runs there were and what was corrected`() throws {
        let criteria = try Self.criteria()
        #expect(criteria.judge([SampleRuns.fanout]).remarks.isEmpty)
        #expect(criteria.judge([Self.slow, Self.slow]).remarks == ["NOW is the best of 2 runs, for each figure."])
        let slower = criteria.judge([SampleRuns.fanout.with { $0.generatorCPUSeconds = 3.125 }]).remarks
        #expect(slower.count == 1 && slower[0].contains("20 % slower"))
        let faster = criteria.judge([SampleRuns.fanout.with { $0.generatorCPUSeconds = 2 }]).remarks
        #expect(faster.count == 1 && faster[0].contains("25 % faster"))
        #expect(criteria.judge([SampleRuns.fanout.with { $0.generatorCPUSeconds = 2.48 }]).remarks.isEmpty)
    }

    @Test func `a result of other settings is refused`() throws {
        let other = SampleRuns.fanout.with { $0.clients = 1 }
        let error = #expect(throws: ChatError.self) { try Self.criteria().requireComparable(other) }
        #expect(error?.code == .invalidInput)
        try PassCriteria(serviceLevel: nil, baseline: nil, maxRegress: "10%").requireComparable(other)
    }

    // MARK: Reading

    @Test func `conditions that cannot be read are refused`() {
        let error = #expect(throws: ChatError.self) { try Self.criteria(slo: "speed>9") }
        #expect(error?.code == .usage)
    }

    @Test(arguments: [("10%", 0.1), ("7.5%", 0.075), ("0.1%", 0.001), ("999.9%", 9.999)])
    func `a percentage is read`(text: String, share: Double) throws {
        #expect(abs(try PassCriteria.share(text) - share) < 1e-12)
    }

    @Test(arguments: ["", "%", "10", "0%", "1000%", "-5%", "+5%", "1e2%", "nan%", "10 %", "10%%", ".5%", "5.%", "0.1"])
    func `anything but a percentage is refused`(text: String) {
        let error = #expect(throws: ChatError.self) { try PassCriteria.share(text) }
        #expect(error?.code == .usage)
        #expect(error?.message.contains("'\(text)'") == true)
    }
}
