/// Rate and latency over the measured time, interval by interval.
struct Timeline {
    private let begin: UInt64
    private let width: UInt64
    private var interval = LatencyRecorder()
    private var count = 0
    /// The end of the current interval.
    private var end: UInt64
    /// One point for each complete interval.
    private(set) var points: [TimelinePoint] = []

    /// - Parameter width: of an interval, in nanoseconds.
    init(begin: UInt64, width: UInt64) {
        self.begin = begin
        self.width = width
        end = begin + width
    }

    /// Records a latency; `now` does not go backwards.
    @inline(__always)
    mutating func record(at now: UInt64, nanoseconds: UInt64) {
        if now >= end { finish(upTo: now) }
        interval.record(nanoseconds: nanoseconds)
        count += 1
    }

    private mutating func finish(upTo now: UInt64) {
        let summary = interval.summary ?? LatencySummary()
        points.append(
            TimelinePoint(
                at: Double(end - begin) / 1e9, perSecond: Double(count) * 1e9 / Double(width), p50: summary.p50,
                p99: summary.p99))
        interval.reset()
        count = 0
        end += width
        // A stall shows as a rate of zero and not as a gap.
        while end <= now {
            points.append(TimelinePoint(at: Double(end - begin) / 1e9, perSecond: 0, p50: 0, p99: 0))
            end += width
        }
    }
}
