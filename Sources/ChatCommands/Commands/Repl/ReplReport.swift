import ArgumentParser
import ChatCore
import ChatTerminal

/// How a script reports its expectations.
enum ReplFormat: String, CaseIterable, Sendable, ExpressibleByArgument {
    /// The Test Anything Protocol, version 13.
    case tap
    /// The XML that JUnit made common.
    case junit
}

/// The expectations of a script, and how they turned out.
struct ReplReport: Sendable {
    /// A line that was an expectation, or that failed.
    struct Point: Sendable, Equatable {
        let name: String
        /// Why it failed; nil when it did not.
        let failure: String?
        let time: Duration
    }

    let format: ReplFormat
    /// The script's name.
    let script: String
    private var points: [Point] = []

    init(_ format: ReplFormat, of script: String) {
        (self.format, self.script) = (format, script)
    }

    /// The text that comes first.
    var head: String { format == .tap ? "TAP version 13\n" : "" }

    /// Adds a point, and returns the text that tells it at once.
    mutating func add(_ point: Point) -> String {
        points.append(point)
        guard format == .tap else { return "" }
        // '#' begins a directive, such as a skipped test.
        let name = Harmless.text(point.name).replacing("#", with: "\\#")
        guard let failure = point.failure else { return "ok \(points.count) - \(name)\n" }
        return "not ok \(points.count) - \(name)\n# \(Harmless.text(failure))\n"
    }

    /// The text that comes last.
    var tail: String { format == .tap ? "1..\(points.count)\n" : document }

    private var document: String {
        let failures = points.count { $0.failure != nil }
        let total = points.reduce(Duration.zero) { $0 + $1.time }
        let cases = points.map { point in
            let start = "  <testcase classname=\"\(Self.xml(script))\" name=\"\(Self.xml(point.name))\" "
            let time = "time=\"\(Self.seconds(point.time))\""
            guard let failure = point.failure else { return "\(start)\(time)/>\n" }
            return "\(start)\(time)>\n    <failure message=\"\(Self.xml(failure))\"/>\n  </testcase>\n"
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="\(Self.xml(script))" tests="\(points.count)" failures="\(failures)" \
            time="\(Self.seconds(total))">
            \(cases.joined())</testsuite>

            """
    }

    private static func seconds(_ time: Duration) -> String {
        let (whole, rest) = max(0, time.milliseconds).quotientAndRemainder(dividingBy: 1_000)
        return "\(whole)." + String(String(1_000 + rest).dropFirst())
    }

    /// Text in an attribute. XML has no form at all for most controls, so they are shown as elsewhere.
    private static func xml(_ text: String) -> String {
        Harmless.text(text).reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }
}
