import ChatCore
import Glibc
import Synchronization

/// How much is posted, by whom and how fast.
struct LoadPlan: Sendable {
    var clients = 100
    var publishers = 1
    /// Messages of each publisher that may be under way.
    var window = 1
    /// Messages a second of all publishers together, on a schedule that waits for nobody; nil for a closed loop.
    var rate: Double?
    var payload = 128
    var duration: Duration = .seconds(10)
    /// Ends the run earlier.
    var messages: Int?
    var warmUp: Duration = .seconds(1)
    /// For `ingest`.
    var rooms = 100
    var members = 10

    /// Of a piece of the timeline, in nanoseconds: some hundred pieces, none shorter than a tenth of a second.
    var pieceWidth: UInt64 {
        max(100_000_000, UInt64(max(0, duration.milliseconds)) * 1_000_000 / 120)
    }
}

/// A scenario that posts messages.
protocol LoadRun: LoadScenario {
    /// Opens all connections and waits until all are ready.
    func connect(_ load: LoadGenerator, _ control: LoadControl) throws(ChatError)
    /// Queues the next message of a publisher, meant to leave at `time`.
    func post(_ publisher: Int, at time: UInt64)
    /// Sends what was queued.
    func flush()
    /// Forgets what was heard; from here on it counts.
    func beginCounting(at now: UInt64)
    /// Messages posted and neither done nor refused, of those that count.
    var inFlight: Int { get }
    /// Messages done, of those that count.
    var completed: Int { get }
    /// Messages posted, of those that count.
    var messages: Int { get }
    /// Deliveries of those that count, and how many there should be in the end.
    var deliveries: Int { get }
    var expected: Int { get }
    var lastHeard: UInt64 { get }
    func fill(_ result: inout BenchResult)
}

/// Leads a run through connecting, warming up, measuring and draining; on the generator's thread.
final class LoadControl {
    /// How long nothing may come before what is missing is given up.
    private static let patience: UInt64 = 5_000_000_000

    private let plan: LoadPlan
    private let isStopped: @Sendable () -> Bool
    private let progress: @Sendable (String) -> Void
    private var shownAt: UInt64 = 0

    init(
        _ plan: LoadPlan, isStopped: @escaping @Sendable () -> Bool,
        progress: @escaping @Sendable (String) -> Void
    ) {
        self.plan = plan
        self.isStopped = isStopped
        self.progress = progress
    }

    /// Opens connections, a bounded number at a time.
    ///
    /// - Throws: why the server refused one; `timedOut` when they are not ready in time; `interrupted`.
    func connectAll(_ load: LoadGenerator, count: Int, atOnce: Int = 128, ready: () -> Int) throws(ChatError) {
        var (seen, heardAt) = (0, LoadClock.now())
        while ready() < count {
            while load.sockets.count < count, load.sockets.count - ready() < atOnce { try load.connect() }
            load.turn(milliseconds: 100)
            if let failure = load.failure { throw failure }
            if isStopped() { throw ChatError(.interrupted, "stopped while connecting") }
            if ready() != seen { (seen, heardAt) = (ready(), LoadClock.now()) }
            guard LoadClock.now() - heardAt < 2 * Self.patience else {
                throw ChatError(.timedOut, "server \(load.place.url): \(count - ready()) connections are not ready")
            }
            show("connecting: \(ready()) of \(count)")
        }
    }

    /// Runs the whole and answers what was found.
    func run(_ run: some LoadRun, scenario: String, path: String, at place: BenchPlace) throws(ChatError) -> BenchResult
    {
        let load = try LoadGenerator(place, path: path, scenario: run)
        defer { load.closeAll() }
        let before = place.process?.residentBytes
        try run.connect(load, self)
        run.beginCounting(at: LoadClock.now())
        if plan.warmUp > .zero {
            try post(run, load, for: plan.warmUp, upTo: nil, "warming up")
            run.beginCounting(at: LoadClock.now())
        }
        let start = LoadClock.now()
        let (cpu, server) = (LoadClock.threadCPU(), place.process?.cpuSeconds)
        try post(run, load, for: plan.duration, upTo: plan.messages, "measuring")
        var result = BenchResult(scenario: scenario)
        result.seconds = Double(max(1, run.lastHeard - min(start, run.lastHeard))) / 1e9
        result.generatorCPUSeconds = Double(LoadClock.threadCPU() - cpu) / 1e9
        result.messages = run.messages
        result.messagesPerSecond = Double(run.completed) / result.seconds
        (result.clients, result.publishers, result.payloadBytes) = (plan.clients, plan.publishers, plan.payload)
        (result.window, result.rate) = (plan.rate == nil ? plan.window : nil, plan.rate)
        result.server = usage(place.process, since: server, before: before, connections: load.sockets.count)
        result.generatorWasLimit = wasLimit(result)
        result.residentBytesBefore = before
        result.isPartial = isStopped()
        run.fill(&result)
        return result
    }

    /// The generator was hardly ever idle while the server was.
    private func wasLimit(_ result: BenchResult) -> Bool {
        guard result.generatorCPUSeconds > 0.95 * result.seconds else { return false }
        return (result.server?.cpuSeconds ?? 0) < 0.9 * result.seconds
    }

    private func usage(
        _ process: ServerProcess?, since cpu: Double?, before: Int?, connections: Int
    ) -> ServerUsage? {
        guard let process, let cpu, let now = process.cpuSeconds, let resident = process.residentBytes else {
            return nil
        }
        let each = before.map { Double(resident - $0) / Double(max(1, connections)) }
        return ServerUsage(residentBytes: resident, bytesPerConnection: each, cpuSeconds: now - cpu)
    }

    // MARK: Posting

    private func post(
        _ run: some LoadRun, _ load: LoadGenerator, for duration: Duration, upTo count: Int?, _ what: String
    ) throws(ChatError) {
        let start = LoadClock.now()
        let end = start + UInt64(max(0, duration.milliseconds)) * 1_000_000
        if let rate = plan.rate {
            try keepSchedule(run, load, from: start, to: end, rate: rate, upTo: count, what)
        } else {
            try keepWindow(run, load, to: end, upTo: count, what)
        }
        try drain(run, load)
    }

    /// Closed loop: as many messages under way as the window allows.
    private func keepWindow(
        _ run: some LoadRun, _ load: LoadGenerator, to end: UInt64, upTo count: Int?, _ what: String
    ) throws(ChatError) {
        let full = plan.window * plan.publishers
        var publisher = 0
        var now = LoadClock.now()
        while now < end, !isStopped() {
            while run.inFlight < full, run.messages < count ?? .max {
                run.post(publisher, at: now)
                publisher = (publisher + 1) % plan.publishers
            }
            run.flush()
            if run.messages >= count ?? .max { return }
            load.turn(milliseconds: 50)
            if let failure = load.failure { throw failure }
            now = LoadClock.now()
            // What is missing fills the window for ever: the ledgers will say so.
            if now - min(now, run.lastHeard) > Self.patience { return }
            showPosting(run, what, end)
        }
    }

    /// Open loop: each message has its time, whether the server keeps up or not, and its latency counts from then.
    private func keepSchedule(
        _ run: some LoadRun, _ load: LoadGenerator, from start: UInt64, to end: UInt64, rate: Double, upTo count: Int?,
        _ what: String
    ) throws(ChatError) {
        var next = 0
        func time(of index: Int) -> UInt64 { start + UInt64(Double(index) * 1e9 / rate) }
        while time(of: next) < end, run.messages < count ?? .max, !isStopped() {
            let now = LoadClock.now()
            while time(of: next) <= now, time(of: next) < end, run.messages < count ?? .max {
                run.post(next % plan.publishers, at: time(of: next))
                next += 1
            }
            run.flush()
            // The last millisecond is spent looking: the kernel wakes late.
            let left = time(of: next) - min(time(of: next), LoadClock.now())
            load.turn(milliseconds: Int32(min(50, left / 1_000_000)))
            if let failure = load.failure { throw failure }
            showPosting(run, what, end)
        }
    }

    /// Waits for what is under way: after a Ctrl-C too, or it would count as missing, but then for so long in all.
    private func drain(_ run: some LoadRun, _ load: LoadGenerator) throws(ChatError) {
        var (seen, heardAt) = (run.completed + run.deliveries, LoadClock.now())
        var stoppedAt: UInt64?
        while run.inFlight > 0 || run.deliveries < run.expected {
            load.turn(milliseconds: 50)
            if isStopped() {
                let since = stoppedAt ?? LoadClock.now()
                if LoadClock.now() - since > Self.patience { return }
                stoppedAt = since
            }
            if let failure = load.failure { throw failure }
            let sum = run.completed + run.deliveries
            if sum != seen { (seen, heardAt) = (sum, LoadClock.now()) }
            if LoadClock.now() - heardAt > Self.patience { return }
        }
    }

    private func showPosting(_ run: some LoadRun, _ what: String, _ end: UInt64) {
        show("\(what): \(run.completed) messages, \(Int((end - min(end, LoadClock.now())) / 1_000_000_000)) s left")
    }

    /// At most four times a second.
    private func show(_ text: @autoclosure () -> String) {
        let now = LoadClock.now()
        guard now - shownAt > 250_000_000 else { return }
        shownAt = now
        progress(text())
    }
}
