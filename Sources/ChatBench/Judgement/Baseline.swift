import ChatCore
import FoundationEssentials
import Glibc

/// An earlier result to compare with, as `bench --json` printed it.
///
/// A figure is a regression when it is worse by more than the allowed share in every run, after correcting for the speed
/// of the machine (``speed(of:)``). High percentiles are made of few samples and vary from run to run even on an idle
/// machine, so they may worsen by three times the share. Missing, duplicate and out-of-order messages have no share at
/// all. A figure that the baseline has and the run lacks is a regression: what was not measured cannot pass.
package struct Baseline: Sendable {
    /// The correction for the machine's speed: the power of it that a figure is proportional to.
    private enum Scaling: Double {
        case rate = 1
        case time = -1
        case constant = 0
    }

    /// A figure that is compared.
    private struct Compared: Sendable {
        let name: String
        /// How many times the allowed share it may worsen.
        let shares: Double
        let scaling: Scaling
        let old: @Sendable (BaselineDocument) -> Double?
    }

    private static let compared: [Compared] = [
        Compared(name: "deliveries_per_second", shares: 1, scaling: .rate) { $0.deliveries_per_second },
        Compared(name: "messages_per_second", shares: 1, scaling: .rate) { $0.messages_per_second },
        Compared(name: "connects_per_second", shares: 1, scaling: .rate) { $0.connects_per_second },
        Compared(name: "p50", shares: 1, scaling: .time) { $0.latency_us?.p50 },
        Compared(name: "p99", shares: 3, scaling: .time) { $0.latency_us?.p99 },
        Compared(name: "last_p99", shares: 3, scaling: .time) { $0.last_us?.p99 },
        Compared(name: "cpu_us_per_delivery", shares: 1, scaling: .time) { $0.cpu_us_per_delivery },
        Compared(name: "cpu_us_per_message", shares: 1, scaling: .time) { $0.cpu_us_per_message },
        Compared(name: "rss_bytes_per_connection", shares: 1, scaling: .constant) {
            $0.server?.rss_bytes_per_connection
        },
        Compared(name: "missing", shares: 0, scaling: .constant) { $0.missing },
        Compared(name: "duplicates", shares: 0, scaling: .constant) { $0.duplicates },
        Compared(name: "out_of_order", shares: 0, scaling: .constant) { $0.out_of_order },
    ]
    /// The largest correction for the machine, either way. A shared machine has been seen to vary by 1.27; more than
    /// this is something else, and a server that makes its clients work harder must not pass for a slow machine.
    private static let largestCorrection = 1.3
    /// Smaller than any printed digit; keeps binary fractions from turning "exactly the share" into more.
    private static let tolerance = 1e-9

    private let document: BaselineDocument

    /// - Throws: `invalidInput` for anything but the output of `bench --json`.
    package init(json: [UInt8]) throws(ChatError) {
        document = try BaselineDocument.read(json)
    }

    /// - Throws: `invalidInput` that names the settings in which the two runs differ.
    func requireComparable(with result: BenchResult) throws(ChatError) {
        var settings: [(name: String, old: String, new: String)] = [
            ("scenario", document.scenario, result.scenario),
            ("clients", "\(document.clients)", "\(result.clients)"),
            ("publishers", "\(document.publishers)", "\(result.publishers)"),
            ("payload_bytes", "\(document.payload_bytes)", "\(result.payloadBytes)"),
        ]
        // Older documents lack both.
        if document.window != nil || document.rate != nil {
            settings.append(("window", Self.text(document.window), Self.text(result.window.map(Double.init))))
            settings.append(("rate", Self.text(document.rate), Self.text(result.rate)))
        }
        let different = settings.filter { $0.old != $0.new }.map { "\($0.name) was \($0.old) and is \($0.new)" }
        guard !different.isEmpty else { return }
        throw ChatError(
            .invalidInput, "baseline: not of the same run: \(different.joined(separator: ", "))",
            hint: "measure with the baseline's settings, or make a new baseline with 'chatctl bench … --json'")
    }

    private static func text(_ number: Double?) -> String { number.map { Decimals.text($0, places: 2) } ?? "none" }

    /// One movement for each figure that the baseline or the runs have.
    ///
    /// - Parameters:
    ///   - runs: with the same settings. The best of them counts, but for a figure without a share the worst.
    ///   - maxRegress: the share a figure may worsen by, 0.1 for 10 %; exactly that much is no regression.
    func compare(_ runs: [BenchResult], maxRegress: Double) -> [BaselineMovement] {
        Self.compared.compactMap { compared in
            let movements = runs.compactMap { movement(of: compared, in: $0, maxRegress) }
            return movements.min { first, second in
                compared.shares > 0 ? first.worsening < second.worsening : first.worsening > second.worsening
            }
        }
    }

    private func movement(of compared: Compared, in result: BenchResult, _ maxRegress: Double) -> BaselineMovement? {
        guard let figure = BenchFigure.named(compared.name) else { return nil }
        let (old, new) = (compared.old(document), figure.value(result))
        guard old != nil || new != nil else { return nil }
        let corrected = old.map { $0 * pow(speed(of: result), compared.scaling.rawValue) }
        let change = Self.change(from: corrected, to: new)
        let isLost = old != nil && new == nil
        let worsening = isLost ? .infinity : (figure.moreIsBetter ? -1 : 1) * (change ?? 0)
        let allowed = compared.shares * maxRegress + Self.tolerance
        return BaselineMovement(
            name: figure.name, old: old.map { figure.unit.text($0) } ?? "none",
            new: new.map { figure.unit.text($0) } ?? "none", percent: change.map { $0 * 100 }, worsening: worsening,
            outcome: worsening > allowed ? .regression : worsening < -allowed ? .better : .held,
            mayBeChance: compared.shares > 0 && !isLost)
    }

    /// How many times as fast the machine was as when the baseline was taken.
    ///
    /// The generator does the same work per delivery (message, connection) in both runs, so the CPU time it took tells
    /// how fast the machine was: other programs slow down server and generator alike. It is 1 where that cannot be
    /// known: in an open loop, where the generator's CPU is mostly polling, and without the server's process, which may
    /// then run on another machine.
    func speed(of result: BenchResult) -> Double {
        guard result.rate == nil, document.rate == nil, result.server != nil, document.server != nil,
            let old = document.generatorCPUPerUnit, old > 0, let new = result.generatorCPUPerUnit, new > 0
        else { return 1 }
        return min(max(old / new, 1 / Self.largestCorrection), Self.largestCorrection)
    }

    /// As a share of the old figure, infinite from zero; nil where there is nothing to compare.
    private static func change(from old: Double?, to new: Double?) -> Double? {
        guard let old, let new else { return nil }
        guard old != 0 else { return new == 0 ? 0 : new > 0 ? .infinity : -.infinity }
        return (new - old) / abs(old)
    }
}

/// How one figure moved since the baseline.
package struct BaselineMovement: Sendable, Equatable {
    package enum Outcome: String, Sendable {
        /// Worse by more than the allowed share.
        case regression
        case held
        /// Better by more than the allowed share: a new baseline would be stricter.
        case better
    }

    package let name: String
    /// `none` where the baseline has no such figure.
    package let old: String
    /// `none` where the run has no such figure.
    package let new: String
    /// Change in percent of the old figure, corrected for the machine; infinite from zero, nil when either is missing.
    let percent: Double?
    /// The share of the old figure by which it got worse, corrected for the machine; negative when it got better.
    let worsening: Double
    package let outcome: Outcome
    /// Another run may turn out better: the figure was measured, and is of the kind that other programs disturb.
    let mayBeChance: Bool

    var isRegression: Bool { outcome == .regression }

    /// `+4.2 %`, or words where there is no percentage.
    package var change: String {
        guard let percent else { return "-" }
        guard percent.isFinite else { return percent > 0 ? "up from 0" : "down from 0" }
        let text = Decimals.text(min(max(percent, -1e9), 1e9), places: 1)
        return (text.first == "-" || text == "0" ? text : "+" + text) + " %"
    }
}
