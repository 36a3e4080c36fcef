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

extension BenchCommand {
    /// Measures at a place, tidies up there and says what was found.
    ///
    /// - Throws: `expectationFailed` when an SLO or the baseline is missed, `interrupted` after Ctrl-C.
    func measure(
        _ session: Session, at place: BenchPlace, settings: [(String, String)],
        _ work: @escaping @Sendable (BenchPlace, BenchControl) throws(ChatError) -> BenchResult
    ) async throws(ChatError) {
        var found: BenchResult
        do throws(ChatError) {
            // What is wrong with these is said before minutes are spent.
            let judges = try Judges(bench)
            found = try await onThread(session, place, work)
            await place.tidyUp()
            session.terminal.progress("")
            found.settings = [("server", session.settings["server"] ?? "a temporary one")] + settings
            found.machine = Machine.text
            try judges.requireComparable(found)
            show(found, session)
            if let report = bench.report { try TextFile.write(ReportPage.html(found), to: report) }
            try judges.judge(found, session)
        } catch {
            await place.tidyUp()
            throw error
        }
        if found.isPartial { throw ChatError(.interrupted, "bench: stopped, these are the figures so far") }
    }

    private func onThread(
        _ session: Session, _ place: BenchPlace,
        _ work: @escaping @Sendable (BenchPlace, BenchControl) throws(ChatError) -> BenchResult
    ) async throws(ChatError) -> BenchResult {
        let stop = Stop()
        let signals = Signals.stream(of: [SIGINT, SIGTERM])
        let watching = Task { for await _ in signals { stop.isAsked.store(true, ordering: .relaxed) } }
        defer { watching.cancel() }
        let control = BenchControl(
            isStopped: { stop.isAsked.load(ordering: .relaxed) }, progress: { session.terminal.progress($0) })
        let result: Result<BenchResult, ChatError> = await withCheckedContinuation { continuation in
            DispatchQueue(label: "chatctl.bench").async {
                continuation.resume(returning: Result { () throws(ChatError) in try work(place, control) })
            }
        }
        return try result.get()
    }

    private func show(_ result: BenchResult, _ session: Session) {
        session.show(json: { $0.benchResult(result) }) { BenchText.lines(result) }
    }
}

/// A flag that a signal sets and the measuring thread looks at.
private final class Stop: Sendable {
    let isAsked = Atomic(false)
}

/// What judges a result: conditions, and an earlier result.
private struct Judges {
    private let level: ServiceLevel?
    private let baseline: Baseline?
    private let maxRegress: Double

    init(_ options: BenchOptions) throws(ChatError) {
        level = try options.slo.map { text throws(ChatError) in try ServiceLevel(text) }
        maxRegress = try Baseline.fraction(options.maxRegress)
        baseline = try options.baseline.map { path throws(ChatError) in
            guard let text = try TextFile.read(path) else { throw ChatError(.notFound, "\(path): no such file") }
            return try Baseline(json: Array(text.utf8))
        }
    }

    func requireComparable(_ result: BenchResult) throws(ChatError) {
        try baseline?.requireComparable(with: result)
    }

    func judge(_ result: BenchResult, _ session: Session) throws(ChatError) {
        let outcomes = level?.check(result) ?? []
        let movements = baseline?.compare(result, maxRegress: maxRegress) ?? []
        if !outcomes.isEmpty { for line in ServiceLevel.table(outcomes) { session.terminal.notice(line) } }
        if !movements.isEmpty { for line in Baseline.table(movements) { session.terminal.notice(line) } }
        let missed = outcomes.count { !$0.isMet }
        let worse = movements.filter(\.isRegression).map(\.name)
        guard missed == 0 else {
            throw ChatError(.expectationFailed, "bench: \(missed) of \(outcomes.count) conditions were missed")
        }
        guard worse.isEmpty else {
            throw ChatError(.expectationFailed, "bench: worse than the baseline: \(worse.joined(separator: ", "))")
        }
    }
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
