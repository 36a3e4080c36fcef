import ArgumentParser
import ChatCore

/// What the parser says about a wrong command line, as an error of ours: with the nearest option for a mistyped one, and
/// with the command whose help tells more.
struct UsageFault {
    let error: ChatError

    /// - Parameter message: of the parser; only its first line counts.
    init(_ message: String, of path: CommandPath) {
        let first = message.split(separator: "\n").first.map(String.init) ?? "they cannot be understood"
        let help = "see '\((["chatctl"] + path.words).joined(separator: " ")) --help'"
        guard let unknown = Self.unknownOption(first) else {
            error = ChatError(.usage, "arguments: \(first)", hint: help)
            return
        }
        let names = CommandShape(of: path.command).arguments.filter(\.shouldDisplay).flatMap { $0.names ?? [] }
        // One dash too few is a slip as well.
        let known = names.filter { !$0.isShort }.map(\.name)
        let nearest = Nearest.word(to: String(unknown.drop { $0 == "-" }), among: known)
        let hint = nearest.map { "did you mean '--\($0)'? \(help)" }
        error = ChatError(
            .usage, "arguments: Unknown option '\(unknown)'",
            hint: hint ?? "\(help); a text that begins with '-' goes behind '--'")
    }

    /// The option in `Unknown option '--follw'. Did you mean '--follow'?`. The parser's guess is not taken: it makes one
    /// for whatever it does not know.
    private static func unknownOption(_ line: String) -> String? {
        let opening = "Unknown option '"
        guard line.hasPrefix(opening) else { return nil }
        let rest = line.dropFirst(opening.count)
        return String(
            rest[..<(rest.range(of: "'. Did you mean")?.lowerBound ?? rest.lastIndex(of: "'") ?? rest.endIndex)])
    }
}
