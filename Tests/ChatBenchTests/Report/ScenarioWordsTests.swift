import Testing

@testable import ChatBench

@Suite struct ScenarioWordsTests {
    @Test(arguments: [
        ("fanout", "deliveries per second", "delivery"), ("ingest", "messages per second", "ack"),
        ("connect", "connects per second", "connect"), ("history", "pages per second", "page"),
        ("of a later version", "deliveries per second", "delivery"),
    ])
    func `each scenario has its rate and its latency`(scenario: String, rate: String, latency: String) {
        let words = ScenarioWords(BenchResult(scenario: scenario))
        #expect((words.rate, words.latency) == (rate, latency))
    }

    @Test func `history reads pages, the others post messages`() {
        let (history, fanout) = (ScenarioWords(SampleRuns.history), ScenarioWords(SampleRuns.fanout))
        #expect(["Messages", "CPU per message", "Missing"].map(history.title) == ["Pages", "CPU per page", "Missing"])
        #expect(["Messages", "CPU per message"].map(fanout.title) == ["Messages", "CPU per message"])
    }

    @Test func `the main rate is the scenario's own, or the first there is`() throws {
        func main(_ run: BenchResult) -> String? {
            ScenarioWords(run).mainRate(run).map { "\($0.title) \(Int($0.value))" }
        }
        #expect(main(SampleRuns.fanout) == "Deliveries per second 25000")
        #expect(main(SampleRuns.ingest) == "Messages per second 25")
        #expect(main(SampleRuns.history) == "Pages per second 4000")
        #expect(main(SampleRuns.fanout.with { $0.deliveriesPerSecond = nil }) == "Messages per second 25")
        #expect(main(BenchResult(scenario: "fanout")) == nil)
    }

    @Test(arguments: [("", ""), ("ack", "Ack"), ("pages per second", "Pages per second"), ("É", "É"), ("é", "É")])
    func `only the first letter is made a capital`(text: String, capitalized: String) {
        #expect(text.capitalizedFirst == capitalized)
    }
}
