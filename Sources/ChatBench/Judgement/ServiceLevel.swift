import ChatCore

/// The conditions that a result must meet, written like `--slo 'p99<200ms,missing=0'`.
///
/// A condition is the name of a figure, an operator and a value. A figure that the scenario does not have fails its
/// condition: who asks for a figure that is not measured should learn of it and not pass.
struct ServiceLevel: Sendable {
    private struct Condition: Sendable {
        let text: String
        let figure: BenchFigure
        let comparison: Comparison
        let limit: Double
    }

    private enum Comparison: String, Sendable {
        case less = "<"
        case atMost = "<="
        case more = ">"
        case atLeast = ">="
        case equal = "="

        func holds(_ value: Double, _ limit: Double) -> Bool {
            switch self {
            case .less: value < limit
            case .atMost: value <= limit
            case .more: value > limit
            case .atLeast: value >= limit
            case .equal: value == limit
            }
        }
    }

    private let conditions: [Condition]

    /// - Throws: `usage` that names the faulty part.
    init(_ text: String) throws(ChatError) {
        var conditions: [Condition] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            conditions.append(try Self.condition(part.trimmingBlanks))
        }
        self.conditions = conditions
    }

    /// One outcome for each condition, in the order they are written.
    func check(_ result: BenchResult) -> [ServiceLevelOutcome] {
        conditions.map { condition in
            guard let value = condition.figure.value(result) else {
                return ServiceLevelOutcome(text: condition.text, measured: "none", isMet: false)
            }
            return ServiceLevelOutcome(
                text: condition.text, measured: condition.figure.unit.exactText(value),
                isMet: condition.comparison.holds(value, condition.limit))
        }
    }
}

/// How a result stands to one condition of a ``ServiceLevel``.
package struct ServiceLevelOutcome: Sendable, Equatable {
    /// The condition as it was written.
    package let text: String
    /// `none` where the scenario has no such figure.
    package let measured: String
    package let isMet: Bool
}

// MARK: Reading

extension ServiceLevel {
    private static func condition(_ text: Substring) throws(ChatError) -> Condition {
        guard !text.isEmpty else { throw fault("an empty condition") }
        let name = text.prefix { !"<>=".contains($0) }
        let rest = text.dropFirst(name.count)
        let sign = rest.first == "=" ? rest.prefix(1) : rest.prefix(rest.dropFirst().first == "=" ? 2 : 1)
        guard let comparison = Comparison(rawValue: String(sign)) else {
            throw fault("'\(text)' has none of the operators < <= > >= =")
        }
        guard let figure = BenchFigure.named(name.trimmingBlanks) else {
            throw fault("'\(name.trimmingBlanks)' in '\(text)' is not the name of a figure")
        }
        let value = rest.dropFirst(sign.count).trimmingBlanks
        guard let limit = limit(value, figure.unit) else {
            throw fault("'\(value)' in '\(text)' is not \(kind(figure.unit))")
        }
        return Condition(text: String(text), figure: figure, comparison: comparison, limit: limit)
    }

    private static func limit(_ text: Substring, _ unit: BenchUnit) -> Double? {
        switch unit {
        case .latency: microseconds(text)
        case .count: text.utf8.contains(UInt8(ascii: ".")) ? nil : Decimals.value(text)
        case .microseconds, .milliseconds, .perSecond, .bytes: Decimals.value(text)
        }
    }

    private static func microseconds(_ text: Substring) -> Double? {
        let units = [("us", 1.0), ("ms", 1e3), ("s", 1e6)]
        guard let (name, size) = units.first(where: { text.hasSuffix($0.0) }),
            let value = Decimals.value(text.dropLast(name.count))
        else { return nil }
        // Rounded to nanoseconds, so that 4.35ms equals 4,350 µs in spite of binary fractions.
        return (value * size * 1e3).rounded() / 1e3
    }

    private static func kind(_ unit: BenchUnit) -> String {
        switch unit {
        case .latency: "a duration like 500us, 1.5ms or 2s"
        case .count: "a whole number"
        case .microseconds, .milliseconds, .perSecond, .bytes: "a number"
        }
    }

    private static func fault(_ what: String) -> ChatError {
        let plain = BenchFigure.all.filter { $0.unit != .latency }.map(\.name)
        let quantiles = BenchFigure.quantiles.map(\.name)
        let prefixes = BenchFigure.distributions.map(\.prefix).filter { !$0.isEmpty }
        return ChatError(
            .usage, "--slo: \(what)",
            hint: "the figures are \(quantiles.joined(separator: " ")), the same with the prefixes "
                + "\(prefixes.joined(separator: " ")), and \(plain.joined(separator: " "))")
    }
}
