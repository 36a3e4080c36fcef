import Testing

@testable import ChatBench

@Suite struct BenchResultTests {
    @Test func `refusals are listed from the most frequent on, equal ones by name`() {
        #expect(SampleRuns.fanout.refusals == nil)
        #expect(SampleRuns.fanout.with { $0.refused = [:] }.refusals == nil)
        let refused = ["muted": 1, "archived": 1, "rate_limited": 3]
        #expect(SampleRuns.fanout.with { $0.refused = refused }.refusals == "3 rate_limited, 1 archived, 1 muted")
    }

    @Test func `CPU is divided by deliveries and by messages`() {
        #expect(SampleRuns.fanout.cpuPerDelivery == 20 && SampleRuns.fanout.cpuPerMessage == 20_000)
    }

    @Test func `CPU of nothing is not divided`() {
        let none = SampleRuns.fanout.with { ($0.deliveries, $0.messages) = (0, 0) }
        #expect(none.cpuPerDelivery == nil && none.cpuPerMessage == nil)
        let unknown = SampleRuns.fanout.with { $0.server = nil }
        #expect(unknown.cpuPerDelivery == nil && unknown.cpuPerMessage == nil)
        #expect(SampleRuns.history.cpuPerDelivery == nil)
    }

    @Test func `the generator's CPU is per delivery, else per message, else per connection`() {
        #expect(SampleRuns.fanout.generatorCPUPerUnit == 10)
        #expect(SampleRuns.fanout.with { $0.deliveries = nil }.generatorCPUPerUnit == 10_000)
        let connect = SampleRuns.connect.with { $0.generatorCPUSeconds = 1 }
        #expect(connect.generatorCPUPerUnit == 200)
        #expect(BenchResult.cpuPerUnit(nil, deliveries: 1, messages: 1, clients: 1) == nil)
        #expect(BenchResult.cpuPerUnit(1, deliveries: 0, messages: nil, clients: 0) == nil)
    }
}
