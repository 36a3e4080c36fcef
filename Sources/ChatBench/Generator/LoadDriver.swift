import ChatCore

/// A scenario that posts messages.
protocol PostingRun: LoadReceiver {
    var counts: LoadCounts { get }
    /// Opens all connections and waits until all are ready.
    func connect(_ load: LoadGenerator, _ driver: LoadDriver) throws(ChatError)
    /// Queues the next message of a publisher. Its latency counts from `time`.
    func post(_ publisher: Int, at time: UInt64)
    /// Sends what was queued.
    func flush()
    /// Discards what was received so far: the warm-up is over.
    func beginCounting(at now: UInt64)
    /// Writes the scenario's own figures; ``BenchResult/seconds`` is set.
    func fill(_ result: inout BenchResult)
}

/// How far the messages of a run have come, warm-up excluded.
struct LoadCounts: Equatable {
    /// Messages posted.
    var posted = 0
    /// Messages that the server has done with: delivered to everyone, or acknowledged.
    var completed = 0
    /// Messages that the server refused.
    var refused = 0
    var deliveries = 0
    /// Deliveries that all posted messages should lead to.
    var expected = 0
    /// Those of them that will not come, because the message was refused.
    var undeliverable = 0
    /// When the last of all these changed because of a frame, in nanoseconds.
    var lastReceived: UInt64 = 0

    var inFlight: Int { posted - completed - refused }
    var isDrained: Bool { inFlight <= 0 && deliveries + undeliverable >= expected }
}

/// What the measuring thread asks of and tells its caller.
package struct RunControl: Sendable {
    package let isStopped: @Sendable () -> Bool
    package let progress: @Sendable (String) -> Void

    package init(isStopped: @escaping @Sendable () -> Bool, progress: @escaping @Sendable (String) -> Void) {
        self.isStopped = isStopped
        self.progress = progress
    }
}

/// Takes a run through connecting, warm-up, measuring and draining; confined to the generator's thread.
final class LoadDriver {
    /// How long the run waits without any frame before it gives up on missing messages.
    private static let stallLimit: UInt64 = 5_000_000_000

    private let plan: LoadPlan
    private let control: RunControl
    private var shownAt: UInt64 = 0

    init(_ plan: LoadPlan, _ control: RunControl) {
        self.plan = plan
        self.control = control
    }

    /// Opens connections, a bounded number at a time.
    ///
    /// - Throws: why the server refused one; `timedOut` when they are not ready in time; `interrupted`.
    func connectAll(
        _ load: LoadGenerator, count: Int, atOnce: Int = 128, ready: () -> Int
    ) throws(ChatError) {
        var timer = StallTimer(limit: 2 * Self.stallLimit, at: LoadClock.now())
        while ready() < count {
            while load.sockets.count < count, load.sockets.count - ready() < atOnce { try load.connect() }
            load.turn(milliseconds: 100)
            if let failure = load.failure { throw failure }
            if control.isStopped() { throw ChatError(.interrupted, "bench: stopped while connecting") }
            guard !timer.isStalled(ready(), at: LoadClock.now()) else {
                throw ChatError(
                    .timedOut, "server \(load.endpoint.url): \(count - ready()) of \(count) connections are not ready")
            }
            show("connecting: \(ready()) of \(count)")
        }
    }

    /// Performs the whole run.
    func run(
        _ run: some PostingRun, scenario: String, path: String, on server: ServerUnderTest
    ) throws(ChatError) -> BenchResult {
        let load = try LoadGenerator(server, path: path, receiver: run)
        defer { load.closeAll() }
        let usage = UsageMeter(server.process)
        try run.connect(load, self)
        run.beginCounting(at: LoadClock.now())
        if plan.warmUp > .zero {
            try post(run, load, for: plan.warmUp, count: nil, "warming up")
            run.beginCounting(at: LoadClock.now())
        }
        let start = LoadClock.now()
        let spent = usage.start()
        try post(run, load, for: plan.duration, count: plan.messages, "measuring")
        let counts = run.counts
        var result = BenchResult(scenario: scenario)
        result.seconds = Double(max(1, counts.lastReceived.since(start))) / 1e9
        (result.messages, result.isPartial) = (counts.posted, control.isStopped())
        result.messagesPerSecond = Double(counts.completed) / result.seconds
        (result.clients, result.publishers, result.payloadBytes) = (plan.clients, plan.publishers, plan.payload)
        (result.window, result.rate) = (plan.rate == nil ? plan.window : nil, plan.rate)
        spent.fill(&result, connections: load.sockets.count)
        run.fill(&result)
        return result
    }

    // MARK: Posting

    private func post(
        _ run: some PostingRun, _ load: LoadGenerator, for duration: Duration, count: Int?, _ phase: String
    ) throws(ChatError) {
        let start = LoadClock.now()
        let end = start + duration.wholeNanoseconds
        if let rate = plan.rate {
            let schedule = SendSchedule(from: start, to: end, rate: rate, count: count)
            try keepSchedule(schedule, run, load) { self.show(run, phase, end) }
        } else {
            try keepWindow(run, load, to: end, count: count ?? .max) { self.show(run, phase, end) }
        }
        try drain(run, load)
    }

    /// Closed loop: keeps as many messages in flight as the window allows.
    private func keepWindow(
        _ run: some PostingRun, _ load: LoadGenerator, to end: UInt64, count: Int, show: () -> Void
    ) throws(ChatError) {
        let full = plan.window * plan.publishers
        var publisher = 0
        var now = LoadClock.now()
        while now < end, !control.isStopped() {
            while run.counts.inFlight < full, run.counts.posted < count {
                run.post(publisher, at: now)
                publisher = (publisher + 1) % plan.publishers
            }
            run.flush()
            if run.counts.posted >= count { return }
            load.turn(milliseconds: 50)
            if let failure = load.failure { throw failure }
            now = LoadClock.now()
            // Lost messages fill the window for good; the ledgers will report them.
            if now.since(run.counts.lastReceived) > Self.stallLimit { return }
            show()
        }
    }

    /// Open loop: sends each message at its time.
    private func keepSchedule(
        _ schedule: SendSchedule, _ run: some PostingRun, _ load: LoadGenerator, show: () -> Void
    ) throws(ChatError) {
        var schedule = schedule
        while schedule.next != nil, !control.isStopped() {
            let now = LoadClock.now()
            while let due = schedule.takeDue(at: now) { run.post(due.number % plan.publishers, at: due.time) }
            run.flush()
            load.turn(milliseconds: schedule.wait(at: LoadClock.now(), limit: 50))
            if let failure = load.failure { throw failure }
            show()
        }
    }

    /// Waits for the messages in flight. After an interrupt too, or they would count as missing, but then for a bounded
    /// time.
    private func drain(_ run: some PostingRun, _ load: LoadGenerator) throws(ChatError) {
        func progress() -> Int { run.counts.completed + run.counts.deliveries }
        var timer = StallTimer(limit: Self.stallLimit, at: LoadClock.now(), count: progress())
        var stoppedAt: UInt64?
        while !run.counts.isDrained {
            load.turn(milliseconds: 50)
            if let failure = load.failure { throw failure }
            let now = LoadClock.now()
            if control.isStopped() {
                let since = stoppedAt ?? now
                if now.since(since) > Self.stallLimit { return }
                stoppedAt = since
            }
            if timer.isStalled(progress(), at: now) { return }
        }
    }

    private func show(_ run: some PostingRun, _ phase: String, _ end: UInt64) {
        let left = end.since(LoadClock.now()) / 1_000_000_000
        show("\(phase): \(run.counts.completed) messages, \(left) s left")
    }

    /// Reports progress, at most four times a second.
    private func show(_ text: @autoclosure () -> String) {
        let now = LoadClock.now()
        guard now.since(shownAt) > 250_000_000 else { return }
        shownAt = now
        control.progress(text())
    }
}
