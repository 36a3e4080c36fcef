import Histogram

/// The distribution of one kind of latency, to three significant digits (HdrHistogram).
struct LatencyRecorder {
    /// An hour, in microseconds; a longer latency counts as this.
    private static let longest: UInt64 = 3_600_000_000

    private var histogram = Histogram<UInt64>(
        highestTrackableValue: longest, numberOfSignificantValueDigits: .three)

    @inline(__always)
    mutating func record(nanoseconds: UInt64) {
        histogram.record(min(max(1, nanoseconds / 1_000), Self.longest))
    }

    mutating func reset() { histogram.reset() }

    /// The usual percentiles; nil when nothing was recorded.
    var summary: LatencySummary? {
        guard histogram.totalCount > 0 else { return nil }
        return LatencySummary(
            p50: histogram.valueAtPercentile(50), p90: histogram.valueAtPercentile(90),
            p99: histogram.valueAtPercentile(99), p999: histogram.valueAtPercentile(99.9),
            max: histogram.valueAtPercentile(100))
    }

    /// The whole distribution, finer towards 100 %; empty when nothing was recorded.
    var curve: [(percentile: Double, microseconds: UInt64)] {
        guard histogram.totalCount > 0 else { return [] }
        return histogram.percentiles(ticksPerHalfDistance: 5).map { ($0.percentile, $0.value) }
    }
}
