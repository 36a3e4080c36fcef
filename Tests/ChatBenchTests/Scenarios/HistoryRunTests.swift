import ChatCore
import Testing

@testable import ChatBench

@Suite struct HistoryRunTests {
    @Test(
        arguments: [
            (0, []), (49, []), (50, [50]), (99, [99]), (100, [100]), (199, [100]), (200, [100, 200]),
            (1_000, [100, 1_000]),
            (2_500, [100, 1_000, 2_500]), (100_000, [100, 1_000, 10_000, 100_000]),
            (5_000_000, [100, 1_000, 10_000, 100_000, 1_000_000, 5_000_000]),
        ] as [(Int, [Int])])
    func `depths are powers of ten, and the oldest page when it is far from them`(lastSeq: Int, depths: [Int]) {
        #expect(HistoryRun.depths(upTo: lastSeq) == depths)
    }

    @Test func `the page at a depth begins with the message that lies so far back`() {
        // Messages 901 to 950 of 1,000: the oldest has 99 newer ones.
        #expect(HistoryRun.before(100, 1_000) == 951)
        // The oldest page of all is messages 1 to 50.
        #expect(HistoryRun.before(1_000, 1_000) == 51)
    }

    @Test func `a room with less than a page is refused`() throws {
        let error = #expect(throws: ChatError.self) {
            try HistoryScenario(LoadPlan(), depth: 0).run(on: SampleServers.none(lastSeq: 49), .silent)
        }
        #expect(error?.code == .invalidInput && error?.message.contains("49 messages") == true)
    }

    @Test func `samples are summed up together and by depth`() {
        var samples = HistorySamples([100, 1_000], begin: 0, intervalWidth: 1_000_000)
        for number in 1...10 { samples.record(UInt64(number) * 1_000, depth: 0, at: UInt64(number)) }
        samples.record(50_000, depth: 1, at: 2_000_000)
        var result = BenchResult(scenario: "history")
        result.seconds = 2
        samples.fill(&result)
        #expect((result.clients, result.messages, result.messagesPerSecond) == (1, 11, 5.5))
        #expect((result.latency?.p50, result.latency?.max) == (6, 50))
        #expect(result.depths.map(\.depth) == [100, 1_000] && result.depths.map(\.latency.max) == [10, 50])
        #expect(result.timeline.map(\.perSecond) == [10_000, 0])
    }

    @Test func `a depth that was not reached has no latency`() {
        var samples = HistorySamples([100, 1_000], begin: 0, intervalWidth: 1_000_000)
        samples.record(5_000, depth: 0, at: 1)
        var result = BenchResult(scenario: "history")
        result.seconds = 1
        samples.fill(&result)
        #expect(result.depths.map(\.depth) == [100])
    }
}
