import ChatBench
import ChatTerminal

/// Results and verdicts as lines for a terminal.
enum BenchOutput {
    static func lines(_ text: BenchText) -> [String] {
        var table = Table("FIGURE", "VALUE")
        for row in text.rows { table.add(row.figure, row.value) }
        return text.heading + table.lines() + text.remarks
    }

    static func lines(_ verdict: Verdict) -> [String] {
        table(verdict.outcomes) + table(verdict.movements) + verdict.remarks
    }

    private static func table(_ outcomes: [ServiceLevelOutcome]) -> [String] {
        guard !outcomes.isEmpty else { return [] }
        var table = Table("CONDITION", "MEASURED", "RESULT")
        for outcome in outcomes { table.add(outcome.text, outcome.measured, outcome.isMet ? "met" : "missed") }
        return table.lines()
    }

    private static func table(_ movements: [BaselineMovement]) -> [String] {
        guard !movements.isEmpty else { return [] }
        var table = Table("FIGURE", "BASELINE", "NOW", "CHANGE", "RESULT")
        for movement in movements {
            table.add(movement.name, movement.old, movement.new, movement.change, movement.outcome.rawValue)
        }
        return table.lines()
    }
}
