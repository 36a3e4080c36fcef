import ChatCore

/// What a measurement must reach to pass: service-level conditions, and an earlier result.
///
/// Other programs disturb a run. So a run that is worse than the baseline is repeated, and only what is worse in all of
/// them is a regression.
package struct PassCriteria: Sendable {
    /// The most runs before something counts as a regression.
    static let maximumRuns = 3

    private let level: ServiceLevel?
    private let baseline: Baseline?
    private let maxRegress: Double

    /// - Parameters:
    ///   - serviceLevel: conditions like `p99<200ms,missing=0`.
    ///   - maxRegress: a percentage like `10%`.
    /// - Throws: `usage` for conditions or a percentage that cannot be read.
    package init(serviceLevel: String?, baseline: Baseline?, maxRegress: String) throws(ChatError) {
        if let serviceLevel { level = try ServiceLevel(serviceLevel) } else { level = nil }
        self.maxRegress = try Self.share(maxRegress)
        self.baseline = baseline
    }

    /// - Throws: `invalidInput` when the result cannot be compared with the baseline.
    func requireComparable(_ result: BenchResult) throws(ChatError) {
        try baseline?.requireComparable(with: result)
    }

    /// True when one more run may still pass: no condition is missed, and everything that is worse may be chance.
    func wantsAnother(after runs: [BenchResult]) -> Bool {
        guard let latest = runs.last, !latest.isPartial, runs.count < Self.maximumRuns else { return false }
        guard level?.check(latest).allSatisfy(\.isMet) ?? true else { return false }
        let worse = movements(runs).filter(\.isRegression)
        return !worse.isEmpty && worse.allSatisfy(\.mayBeChance)
    }

    /// How the last run meets the conditions, and how all of them compare with the baseline.
    func judge(_ runs: [BenchResult]) -> Verdict {
        Verdict(
            outcomes: runs.last.flatMap { level?.check($0) } ?? [], movements: movements(runs), remarks: remarks(runs))
    }

    private func remarks(_ runs: [BenchResult]) -> [String] {
        guard let baseline, let latest = runs.last else { return [] }
        var remarks: [String] = []
        if runs.count > 1 { remarks.append("NOW is the best of \(runs.count) runs, for each figure.") }
        let percent = (baseline.speed(of: latest) - 1) * 100
        if abs(percent) >= 2 {
            let (amount, word) = (Decimals.text(abs(percent), places: 0), percent > 0 ? "faster" : "slower")
            remarks.append(
                "CHANGE is corrected for the machine, which is \(amount) % \(word) than at the baseline, judging by the "
                    + "generator's own CPU time.")
        }
        return remarks
    }

    private func movements(_ runs: [BenchResult]) -> [BaselineMovement] {
        baseline?.compare(runs, maxRegress: maxRegress) ?? []
    }

    /// Reads `10%` or `7.5%` as 0.1 or 0.075.
    ///
    /// - Throws: `usage` for anything but a percentage above 0 and below 1,000.
    static func share(_ text: String) throws(ChatError) -> Double {
        guard text.hasSuffix("%"), let percent = Decimals.value(text.dropLast()), percent > 0, percent < 1_000 else {
            throw ChatError(
                .usage, "--max-regress: '\(text)' is not a percentage above 0% and below 1000%",
                hint: "write it like 10% or 7.5%")
        }
        return percent / 100
    }
}

/// How a measurement stands to its ``PassCriteria``.
package struct Verdict: Sendable, Equatable {
    package let outcomes: [ServiceLevelOutcome]
    package let movements: [BaselineMovement]
    /// What a reader of the movements must know.
    package let remarks: [String]

    static let none = Verdict(outcomes: [], movements: [], remarks: [])

    /// - Throws: `expectationFailed` when a condition is missed or a figure is worse than the baseline.
    package func requirePass() throws(ChatError) {
        let missed = outcomes.count { !$0.isMet }
        guard missed == 0 else {
            throw ChatError(.expectationFailed, "bench: \(missed) of \(outcomes.count) conditions were missed")
        }
        let worse = movements.filter(\.isRegression).map(\.name)
        guard worse.isEmpty else {
            throw ChatError(.expectationFailed, "bench: worse than the baseline: \(worse.joined(separator: ", "))")
        }
    }
}
