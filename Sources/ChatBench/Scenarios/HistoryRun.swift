import ChatCore

/// `bench history`: pages of 50 messages at several depths of one room, one request at a time on one connection.
struct HistoryRun {
    static let page = 50

    let plan: LoadPlan
    let control: RunControl

    func run(on server: ServerUnderTest) throws(ChatError) -> BenchResult {
        let lastSeq = server.lastSeq
        let depths = Self.depths(upTo: lastSeq)
        guard !depths.isEmpty else {
            throw ChatError(
                .invalidInput, "room \(server.rooms[0]): it has \(lastSeq) messages, fewer than one page")
        }
        let client = try PageClient(server)
        // An unmeasured request at each depth fills the caches first.
        for depth in depths { _ = try client.page(before: Self.before(depth, lastSeq), limit: Self.page) }
        var samples = HistorySamples(depths, begin: LoadClock.now(), intervalWidth: plan.intervalWidth)
        let (start, spent) = (LoadClock.now(), UsageMeter(server.process).start())
        let end = start + plan.duration.wholeNanoseconds
        // The depths take turns, so that any other load on the machine affects all of them alike.
        while LoadClock.now() < end, !control.isStopped(), samples.pages < plan.messages ?? .max {
            for (index, depth) in depths.enumerated() {
                let latency = try client.page(before: Self.before(depth, lastSeq), limit: Self.page)
                samples.record(latency, depth: index, at: LoadClock.now())
            }
            if samples.pages % 512 < depths.count { control.progress("measuring: \(samples.pages) pages") }
        }
        var result = BenchResult(scenario: "history")
        result.settings = [("messages in the room", String(lastSeq)), ("page", String(Self.page))]
        result.seconds = Double(LoadClock.now().since(start)) / 1e9
        result.isPartial = control.isStopped()
        spent.fill(&result, connections: nil)
        samples.fill(&result)
        return result
    }

    /// The powers of ten from 100 on, and the oldest page unless one of them is near.
    static func depths(upTo lastSeq: Int) -> [Int] {
        var depths = [100, 1_000, 10_000, 100_000, 1_000_000].filter { $0 <= lastSeq }
        if lastSeq >= page, depths.last.map({ lastSeq >= 2 * $0 }) ?? true { depths.append(lastSeq) }
        return depths
    }

    /// The `before` of the page whose oldest message has `depth - 1` newer ones.
    static func before(_ depth: Int, _ lastSeq: Int) -> Int { lastSeq - depth + page + 1 }
}

/// The latencies of a history run, all together and by depth.
struct HistorySamples {
    private let depths: [Int]
    private var recorders: [LatencyRecorder]
    private var all = LatencyRecorder()
    private var timeline: Timeline
    private(set) var pages = 0

    init(_ depths: [Int], begin: UInt64, intervalWidth: UInt64) {
        self.depths = depths
        recorders = Array(repeating: LatencyRecorder(), count: depths.count)
        timeline = Timeline(begin: begin, width: intervalWidth)
    }

    mutating func record(_ nanoseconds: UInt64, depth index: Int, at now: UInt64) {
        recorders[index].record(nanoseconds: nanoseconds)
        all.record(nanoseconds: nanoseconds)
        timeline.record(at: now, nanoseconds: nanoseconds)
        pages += 1
    }

    /// Writes the figures; ``BenchResult/seconds`` must be set.
    func fill(_ result: inout BenchResult) {
        (result.clients, result.messages) = (1, pages)
        result.messagesPerSecond = Double(pages) / result.seconds
        (result.latency, result.curve, result.timeline) = (all.summary, all.curve, timeline.points)
        result.depths = zip(depths, recorders).compactMap { depth, recorder in
            recorder.summary.map { DepthLatency(depth: depth, latency: $0) }
        }
    }
}
