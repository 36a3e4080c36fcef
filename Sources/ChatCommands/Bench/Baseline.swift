import ChatCore
import ChatTerminal
import FoundationEssentials
import Glibc

/// An earlier run to compare with, as `bench --json` printed it.
///
/// A change is a regression when it goes the worse way by more than the share allowed in every run, after allowing for
/// the machine: see ``speed(of:)``. Tails are made of few samples and move from run to run on an idle machine already:
/// they are shown, but only three times the share counts. What is missing, doubled or out of order has no share at all.
/// A figure that the baseline has and the run lacks counts as a regression: what was not measured was not held.
struct Baseline: Sendable {
    /// How a figure goes with the machine's speed: as its power.
    private enum Pace: Double {
        case rate = 1
        case time = -1
        case steady = 0
    }

    private typealias Compared = (name: String, shares: Double, pace: Pace, old: @Sendable (Document) -> Double?)

    /// A figure, how many times the share allowed it may worsen, its pace, and where the document has it.
    private static let compared: [Compared] = [
        ("deliveries_per_second", 1, .rate, { $0.deliveries_per_second }),
        ("messages_per_second", 1, .rate, { $0.messages_per_second }),
        ("connects_per_second", 1, .rate, { $0.connects_per_second }),
        ("p50", 1, .time, { $0.latency_us?.p50 }),
        ("p99", 3, .time, { $0.latency_us?.p99 }),
        ("last_p99", 3, .time, { $0.last_us?.p99 }),
        ("cpu_us_per_delivery", 1, .time, { $0.cpu_us_per_delivery }),
        ("cpu_us_per_message", 1, .time, { $0.cpu_us_per_message }),
        ("rss_bytes_per_connection", 1, .steady, { $0.server?.rss_bytes_per_connection }),
        ("missing", 0, .steady, { $0.missing }),
        ("duplicates", 0, .steady, { $0.duplicates }),
        ("out_of_order", 0, .steady, { $0.out_of_order }),
    ]
    /// The most that is allowed for the machine, either way. One that is not alone has been seen to differ by 1.27;
    /// more is not explained by it, and a server that makes its clients work harder must not pass for a slow machine.
    private static let mostAllowed = 1.3
    /// Below what is printed of a figure; keeps binary fractions from turning "exactly the share" into more.
    private static let hair = 1e-9

    private let document: Document

    /// - Throws: `invalidInput` for anything but the output of `bench --json`.
    init(json: [UInt8]) throws(ChatError) {
        do {
            document = try JSONDecoder().decode(Document.self, from: Data(json))
        } catch let error as DecodingError {
            throw Self.refusal(Self.reason(error))
        } catch {
            throw Self.refusal("it is not JSON")
        }
    }

    /// - Throws: `invalidInput` that names what the two runs do not share.
    func requireComparable(with result: BenchResult) throws(ChatError) {
        var settings: [(name: String, old: String, new: String)] = [
            ("scenario", document.scenario, result.scenario),
            ("clients", "\(document.clients)", "\(result.clients)"),
            ("publishers", "\(document.publishers)", "\(result.publishers)"),
            ("payload_bytes", "\(document.payload_bytes)", "\(result.payloadBytes)"),
        ]
        // Older documents do not have these.
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

    /// One row for each figure that the baseline or the runs have.
    ///
    /// - Parameters:
    ///   - runs: of the same settings; each figure is its best of them, but one without a share its worst.
    ///   - maxRegress: the share a figure may worsen by, 0.1 for 10 %; exactly that much is no regression.
    func compare(_ runs: [BenchResult], maxRegress: Double) -> [BaselineMovement] {
        Self.compared.compactMap { compared in
            let movements = runs.compactMap { movement(of: compared, in: $0, maxRegress) }
            return movements.min { first, second in
                compared.shares > 0 ? first.worsening < second.worsening : first.worsening > second.worsening
            }
        }
    }

    private func movement(
        of compared: Compared, in result: BenchResult, _ maxRegress: Double
    ) -> BaselineMovement? {
        guard let figure = BenchFigure.named(compared.name) else { return nil }
        let (old, new) = (compared.old(document), figure.value(result))
        guard old != nil || new != nil else { return nil }
        let fair = old.map { $0 * pow(speed(of: result), compared.pace.rawValue) }
        let change = Self.change(from: fair, to: new)
        let isLost = old != nil && new == nil
        let worsening = isLost ? .infinity : (figure.moreIsBetter ? -1 : 1) * (change ?? 0)
        let allowed = compared.shares * maxRegress + Self.hair
        return BaselineMovement(
            name: figure.name, old: old.map { figure.unit.text($0) } ?? "none",
            new: new.map { figure.unit.text($0) } ?? "none", percent: change.map { $0 * 100 }, worsening: worsening,
            outcome: worsening > allowed ? .regression : worsening < -allowed ? .better : .held,
            mayBeChance: compared.shares > 0 && !isLost)
    }

    /// How many times as fast the machine was as when the baseline was taken.
    ///
    /// The generator does the same work for a delivery (a message, a connection) in both runs, so what that cost it tells
    /// how fast the machine was; server and generator slow down together when others use the processor. It is 1 where
    /// that is not known: on a schedule (`--rate`), where the generator's CPU is mostly waiting, and where the server's
    /// process is not, which may run on another machine.
    func speed(of result: BenchResult) -> Double {
        guard result.rate == nil, document.rate == nil, result.server != nil, document.server != nil,
            let old = document.generatorCPUPerUnit, old > 0, let new = result.generatorCPUPerUnit, new > 0
        else { return 1 }
        return min(max(old / new, 1 / Self.mostAllowed), Self.mostAllowed)
    }

    /// As a share of the old figure, infinite from zero; nil where there is nothing to compare.
    private static func change(from old: Double?, to new: Double?) -> Double? {
        guard let old, let new else { return nil }
        guard old != 0 else { return new == 0 ? 0 : new > 0 ? .infinity : -.infinity }
        return (new - old) / abs(old)
    }

    /// Reads `10%` or `7.5%` as 0.1 or 0.075.
    ///
    /// - Throws: `usage` for anything but a percentage above 0 and below 1,000.
    static func fraction(_ text: String) throws(ChatError) -> Double {
        guard text.hasSuffix("%"), let percent = Decimals.value(text.dropLast()), percent > 0, percent < 1_000 else {
            throw ChatError(
                .usage, "--max-regress: '\(text)' is not a percentage above 0% and below 1000%",
                hint: "write it like 10% or 7.5%")
        }
        return percent / 100
    }

    /// The movements as lines for a terminal.
    static func table(_ movements: [BaselineMovement]) -> [String] {
        var table = Table("FIGURE", "BASELINE", "NOW", "CHANGE", "RESULT")
        for movement in movements {
            table.add(movement.name, movement.old, movement.new, movement.change, movement.outcome.rawValue)
        }
        return table.lines
    }
}

/// How one figure moved since the baseline.
struct BaselineMovement: Sendable, Equatable {
    enum Outcome: String, Sendable {
        /// Worse by more than the share allowed.
        case regression
        case held
        /// Better by more than that share: a new baseline would notice more.
        case better
    }

    let name: String
    /// `none` where that run has no such figure.
    let old: String
    let new: String
    /// Of the old figure after allowing for the machine, signed; infinite from zero, nil when either run lacks the figure.
    let percent: Double?
    /// The share of the old figure by which it got worse, after allowing for the machine; negative when it is better.
    let worsening: Double
    let outcome: Outcome
    /// Another run may show it better: it was measured, and is of the kind that other programs disturb.
    let mayBeChance: Bool

    var isRegression: Bool { outcome == .regression }

    /// `+4.2 %`, or words where there is no percentage.
    var change: String {
        guard let percent else { return "-" }
        guard percent.isFinite else { return percent > 0 ? "up from 0" : "down from 0" }
        let text = Decimals.text(min(max(percent, -1e9), 1e9), places: 1)
        return (text.first == "-" || text == "0" ? text : "+" + text) + " %"
    }
}

// MARK: Reading

extension Baseline {
    /// The fields of the contract that are compared; others are passed over.
    private struct Document: Decodable, Sendable {
        let scenario: String
        let clients: Int
        let publishers: Int
        let payload_bytes: Int
        let window: Double?
        let rate: Double?
        let messages: Double?
        let deliveries: Double?
        let generator_cpu_seconds: Double?
        let deliveries_per_second: Double?
        let messages_per_second: Double?
        let connects_per_second: Double?
        let latency_us: Tail?
        let last_us: Tail?
        let server: Server?
        let cpu_us_per_delivery: Double?
        let cpu_us_per_message: Double?
        let missing: Double?
        let duplicates: Double?
        let out_of_order: Double?

        var generatorCPUPerUnit: Double? {
            BenchResult.each(generator_cpu_seconds, deliveries: deliveries, messages: messages, clients: clients)
        }
    }

    /// Two points of a latency's distribution.
    private struct Tail: Decodable, Sendable {
        let p50: Double?
        let p99: Double?
    }

    /// What the server used.
    private struct Server: Decodable, Sendable {
        let rss_bytes_per_connection: Double?
    }

    private static func refusal(_ why: String) -> ChatError {
        ChatError(
            .invalidInput, "baseline: not the output of 'bench --json': \(why)",
            hint: "make one with 'chatctl bench … --json > FILE'")
    }

    private static func reason(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "it has no \(key.stringValue)"
        case .valueNotFound(_, let context): "\(place(context)) is null"
        case .typeMismatch(_, let context): "\(place(context)) is of the wrong type"
        case .dataCorrupted(let context):
            // The decoder does not say where when a number does not fit a whole one.
            context.codingPath.isEmpty
                ? "it is not JSON, or a number does not fit" : "\(place(context)) is not a valid value"
        @unknown default: "it is not JSON"
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        context.codingPath.isEmpty ? "the whole" : context.codingPath.map(\.stringValue).joined(separator: ".")
    }
}
