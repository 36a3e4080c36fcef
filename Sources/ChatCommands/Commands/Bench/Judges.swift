import ChatCore

/// What judges a result: conditions, and an earlier result.
///
/// Other programs disturb a run. So what is worse than the baseline is measured again, and counts when it is worse each
/// time.
struct Judges {
    /// The most runs before something counts as worse than the baseline.
    static let patience = 3

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

    /// Whether one more run may still clear what these show: no condition is missed, and all that is worse may be
    /// chance.
    func wantAnother(after runs: [BenchResult]) -> Bool {
        guard let latest = runs.last, !latest.isPartial, runs.count < Self.patience else { return false }
        guard level?.check(latest).allSatisfy(\.isMet) ?? true else { return false }
        let worse = movements(runs).filter(\.isRegression)
        return !worse.isEmpty && worse.allSatisfy(\.mayBeChance)
    }

    /// Shows how the last run met the conditions and how all of them stand to the baseline.
    ///
    /// - Throws: `expectationFailed`.
    func judge(_ runs: [BenchResult], _ session: Invocation) throws(ChatError) {
        let outcomes = runs.last.flatMap { level?.check($0) } ?? []
        let movements = movements(runs)
        if !outcomes.isEmpty { for line in ServiceLevel.table(outcomes) { session.screen.notice(line) } }
        if !movements.isEmpty { for line in Baseline.table(movements) { session.screen.notice(line) } }
        for remark in remarks(runs) { session.screen.notice(remark) }
        let missed = outcomes.count { !$0.isMet }
        let worse = movements.filter(\.isRegression).map(\.name)
        guard missed == 0 else {
            throw ChatError(.expectationFailed, "bench: \(missed) of \(outcomes.count) conditions were missed")
        }
        guard worse.isEmpty else {
            throw ChatError(.expectationFailed, "bench: worse than the baseline: \(worse.joined(separator: ", "))")
        }
    }

    private func remarks(_ runs: [BenchResult]) -> [String] {
        guard let baseline, let latest = runs.last else { return [] }
        var remarks: [String] = []
        if runs.count > 1 { remarks.append("NOW is each figure's best of \(runs.count) runs.") }
        let percent = (baseline.speed(of: latest) - 1) * 100
        if abs(percent) >= 2 {
            remarks.append(
                "CHANGE allows for the machine, which is \(Decimals.text(abs(percent), places: 0)) % "
                    + "\(percent > 0 ? "faster" : "slower") than it was then, by what the same work costs the generator."
            )
        }
        return remarks
    }

    private func movements(_ runs: [BenchResult]) -> [BaselineMovement] {
        baseline?.compare(runs, maxRegress: maxRegress) ?? []
    }
}
