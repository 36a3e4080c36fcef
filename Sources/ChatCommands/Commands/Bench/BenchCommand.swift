import ChatCore
import Dispatch
import Glibc
import Synchronization

/// A scenario of `bench`: measures on a thread of its own, then shows, compares and judges.
protocol BenchCommand: ChatCommand {
    var bench: BenchOptions { get }
}

/// What the measuring thread hears and says.
struct BenchControl: Sendable {
    let isStopped: @Sendable () -> Bool
    let progress: @Sendable (String) -> Void

    func make(_ plan: LoadPlan) -> LoadControl { LoadControl(plan, isStopped: isStopped, progress: progress) }
}

/// What a scenario measures, and what it needs for that.
struct BenchTask: Sendable {
    let needs: BenchNeeds
    /// The words of the command that matter, name and value, in order.
    var settings: [(String, String)] = []
    let run: @Sendable (BenchPlace, BenchControl) throws(ChatError) -> BenchResult
}

extension BenchCommand {
    /// Measures, shows what was found and judges it.
    ///
    /// - Throws: `expectationFailed` when an SLO or the baseline is missed, `interrupted` after Ctrl-C.
    func measure(_ session: Invocation, _ task: BenchTask) async throws(ChatError) {
        // What is wrong with these is said before minutes are spent.
        let judges = try Judges(bench)
        let stop = Stop()
        defer { stop.endWatching() }
        var latest = try await run(task, session, stop)
        try judges.requireComparable(latest)
        var runs = [latest]
        while judges.wantAnother(after: runs) {
            session.screen.notice("worse than the baseline: measuring once more")
            do throws(ChatError) {
                let next = try await run(task, session, stop)
                guard !next.isPartial else { throw ChatError(.interrupted, "bench: stopped") }
                latest = next
            } catch {
                // The figures of the last whole run are the better ones.
                guard error.code == .interrupted else { throw error }
                latest.isPartial = true
                break
            }
            // A server that stays has kept what the first run's connections took: they come cheaper each time.
            if session.settings["server"] != nil {
                latest.server?.bytesPerConnection = runs[0].server?.bytesPerConnection
            }
            runs.append(latest)
        }
        try session.show(json: { $0.benchResult(latest) }) { BenchText.lines(latest) }
        if let report = bench.report { try TextFile.write(ReportPage.html(latest), to: report) }
        if latest.isPartial { throw ChatError(.interrupted, "bench: stopped, these are the figures so far") }
        try judges.judge(runs, session)
    }

    /// Measures once, at a place that is found for it and tidied up afterwards.
    private func run(_ task: BenchTask, _ session: Invocation, _ stop: Stop) async throws(ChatError) -> BenchResult {
        let place = try await BenchPlace.find(session, bench, task.needs)
        do throws(ChatError) {
            guard !stop.isAsked else { throw ChatError(.interrupted, "bench: stopped") }
            var found = try await onThread(session, place, stop, task.run)
            await place.tidyUp()
            session.screen.progress("")
            found.settings =
                [("server", session.settings["server"] ?? "a temporary one")]
                + task.settings + found.settings
            found.machine = Machine.text
            return found
        } catch {
            await place.tidyUp()
            throw error
        }
    }

    private func onThread(
        _ session: Invocation, _ place: BenchPlace, _ stop: Stop,
        _ work: @escaping @Sendable (BenchPlace, BenchControl) throws(ChatError) -> BenchResult
    ) async throws(ChatError) -> BenchResult {
        stop.watch(session.signals)
        let control = BenchControl(isStopped: { stop.isAsked }, progress: { session.screen.progress($0) })
        let result: Result<BenchResult, ChatError> = await withCheckedContinuation { continuation in
            DispatchQueue(label: "chatctl.bench").async {
                continuation.resume(returning: Result { () throws(ChatError) in try work(place, control) })
            }
        }
        return try result.get()
    }
}

/// A flag that a signal sets and the measuring thread looks at.
private final class Stop: Sendable {
    private let flag = Atomic(false)
    private let watching = Mutex<Task<Void, Never>?>(nil)

    var isAsked: Bool { flag.load(ordering: .relaxed) }

    /// From the first call on a signal no longer ends the program but sets the flag.
    func watch(_ signals: Signals) {
        watching.withLock { watching in
            guard watching == nil else { return }
            let signals = signals.stream(of: [SIGINT, SIGTERM])
            watching = Task { for await _ in signals { flag.store(true, ordering: .relaxed) } }
        }
    }

    func endWatching() { watching.withLock { $0?.cancel() } }
}

extension LoadPlan {
    init(_ bench: BenchOptions, _ load: BenchLoadOptions) {
        self.init()
        (duration, messages) = (bench.duration.value, bench.messages)
        (rate, payload, warmUp) = (load.rate, load.payload, load.warmUp.value)
    }
}

extension BenchLoadOptions {
    func settings(_ plan: LoadPlan) -> [(String, String)] {
        let pace =
            plan.rate.map { ("rate", Decimals.text($0, places: 2) + " a second") } ?? ("window", String(plan.window))
        return [
            ("clients", String(plan.clients)), ("publishers", String(plan.publishers)), pace,
            ("payload", "\(plan.payload) bytes"), ("duration", "\(Decimals.text(plan.seconds, places: 3)) s"),
        ]
    }
}

extension LoadPlan {
    fileprivate var seconds: Double { Double(duration.milliseconds) / 1_000 }
}
