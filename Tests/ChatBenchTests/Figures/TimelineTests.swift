import Testing

@testable import ChatBench

@Suite struct TimelineTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func `an interval has its rate and latency once it is over`() {
        var timeline = Timeline(begin: 5 * Self.second, width: Self.second / 2)
        for number in 1...10 { timeline.record(at: 5 * Self.second, nanoseconds: UInt64(number) * 1_000) }
        #expect(timeline.points.isEmpty)
        timeline.record(at: 5 * Self.second + Self.second / 2, nanoseconds: 1_000)
        #expect(timeline.points == [TimelinePoint(at: 0.5, perSecond: 20, p50: 5, p99: 10)])
    }

    @Test func `a stall shows as intervals at a rate of zero`() {
        var timeline = Timeline(begin: 0, width: Self.second)
        timeline.record(at: 10, nanoseconds: 7_000)
        timeline.record(at: 3 * Self.second + 1, nanoseconds: 9_000)
        timeline.record(at: 4 * Self.second, nanoseconds: 9_000)
        #expect(
            timeline.points == [
                TimelinePoint(at: 1, perSecond: 1, p50: 7, p99: 7), TimelinePoint(at: 2, perSecond: 0, p50: 0, p99: 0),
                TimelinePoint(at: 3, perSecond: 0, p50: 0, p99: 0), TimelinePoint(at: 4, perSecond: 1, p50: 9, p99: 9),
            ])
    }
}
