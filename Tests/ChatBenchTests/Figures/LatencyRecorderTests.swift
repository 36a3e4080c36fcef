import Testing

@testable import ChatBench

@Suite struct LatencyRecorderTests {
    private static func recorder(_ microseconds: some Sequence<Int>) -> LatencyRecorder {
        var recorder = LatencyRecorder()
        for value in microseconds { recorder.record(nanoseconds: UInt64(value) * 1_000) }
        return recorder
    }

    @Test func `nothing recorded is no summary and no curve`() {
        #expect(LatencyRecorder().summary == nil && LatencyRecorder().curve.isEmpty)
    }

    @Test func `percentiles are those of the values`() throws {
        let summary = try #require(Self.recorder(1...1_000).summary)
        #expect((summary.p50, summary.p90, summary.p99, summary.max) == (500, 900, 990, 1_000))
        #expect((999...1_000).contains(summary.p999))
    }

    @Test func `three digits are exact, whatever the size`() throws {
        for value in [7, 1_230, 45_600, 7_890_000] {
            let summary = try #require(Self.recorder([value]).summary)
            #expect(abs(Double(summary.p50) - Double(value)) <= 0.001 * Double(value))
        }
    }

    @Test func `less than a microsecond counts as one and more than an hour as an hour`() throws {
        var recorder = LatencyRecorder()
        recorder.record(nanoseconds: 0)
        #expect(recorder.summary?.max == 1)
        recorder.record(nanoseconds: .max)
        let longest = try #require(recorder.summary?.max)
        #expect(abs(Double(longest) / 3.6e9 - 1) < 0.001)
    }

    @Test func `a reset forgets everything`() {
        var recorder = Self.recorder([5])
        recorder.reset()
        #expect(recorder.summary == nil)
        recorder.record(nanoseconds: 9_000)
        #expect(recorder.summary?.max == 9)
    }

    @Test func `the curve rises to the maximum at a hundred percent`() throws {
        let curve = Self.recorder(1...500).curve
        let last = try #require(curve.last)
        #expect(last.percentile == 100 && last.microseconds == 500)
        #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.percentile <= $1.percentile })
        #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.microseconds <= $1.microseconds })
    }
}
