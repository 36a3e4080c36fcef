import Histogram

/// Latencies of one kind, with three exact digits (HdrHistogram).
struct LatencyRecorder {
    /// An hour, in microseconds.
    private static let longest: UInt64 = 3_600_000_000

    private var histogram = Histogram<UInt64>(
        highestTrackableValue: longest, numberOfSignificantValueDigits: .three)

    @inline(__always)
    mutating func record(nanoseconds: UInt64) {
        histogram.record(min(max(1, nanoseconds / 1_000), Self.longest))
    }

    mutating func reset() { histogram.reset() }

    /// Nil when nothing was recorded.
    var summary: LatencySummary? {
        guard histogram.totalCount > 0 else { return nil }
        return LatencySummary(
            p50: histogram.valueAtPercentile(50), p90: histogram.valueAtPercentile(90),
            p99: histogram.valueAtPercentile(99), p999: histogram.valueAtPercentile(99.9),
            max: histogram.valueAtPercentile(100))
    }

    var curve: [(percentile: Double, microseconds: UInt64)] {
        guard histogram.totalCount > 0 else { return [] }
        return histogram.percentiles(ticksPerHalfDistance: 5).map { ($0.percentile, $0.value) }
    }
}

/// Latencies and rate piece by piece over the measured time.
struct Timeline {
    private let begin: UInt64
    private let width: UInt64
    private var piece = LatencyRecorder()
    private var count = 0
    private var end: UInt64
    private(set) var points: [TimelinePoint] = []

    /// - Parameter width: of a piece, in nanoseconds.
    init(begin: UInt64, width: UInt64) {
        self.begin = begin
        self.width = width
        end = begin + width
    }

    @inline(__always)
    mutating func record(at now: UInt64, nanoseconds: UInt64) {
        if now >= end { finish(upTo: now) }
        piece.record(nanoseconds: nanoseconds)
        count += 1
    }

    private mutating func finish(upTo now: UInt64) {
        let summary = piece.summary ?? LatencySummary()
        points.append(
            TimelinePoint(
                at: Double(end - begin) / 1e9, perSecond: Double(count) * 1e9 / Double(width), p50: summary.p50,
                p99: summary.p99))
        piece.reset()
        count = 0
        end += width
        // A stall is a rate of nothing, not a hole.
        while end <= now {
            points.append(TimelinePoint(at: Double(end - begin) / 1e9, perSecond: 0, p50: 0, p99: 0))
            end += width
        }
    }
}
