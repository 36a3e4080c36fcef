import ChatCore

/// A session as a script that does the same again.
struct ReplRecord: Sendable {
    /// A longer session keeps its beginning, which later lines depend on.
    static let mostLines = 10_000

    private var lines: [String] = []
    private var hasMore = false

    /// Notes a line that was carried out.
    mutating func did(_ line: String) { add(line) }

    /// Notes a line that failed. It would end the script, so it is a comment there.
    mutating func failed(_ line: String, _ why: String) {
        add("# \(Self.oneLine(line))  (failed: \(Self.oneLine(why)))")
    }

    /// Notes a post, and that its author saw it: the script expects that too.
    mutating func posted(_ line: String, _ body: String, in room: RoomName, by author: Username?) {
        // A comment in a script.
        add(line.first == "#" ? "/say \(line)" : line)
        guard let author else { return }
        let first = body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).first ?? ""
        let pattern = "#\(Self.escaped(room.text)) \\d+ \(Self.escaped(author.text)): \(Self.escaped(first))"
        add("/expect '\(pattern.replacing("'", with: "."))'")
    }

    /// - Parameters:
    ///   - room: where the session began.
    ///   - speaker: who spoke there; nil where a token said it, or nobody spoke.
    func script(from room: RoomName?, as speaker: Username?) -> String {
        var head = ["# A session of 'chatctl repl'. Run it with: chatctl repl --script FILE"]
        if hasMore { head.append("# The session was longer: lines behind these were not kept.") }
        if let speaker { head.append("/as \(speaker)") }
        if let room { head.append("/join \(room)") }
        return (head + lines).joined(separator: "\n") + "\n"
    }

    private mutating func add(_ line: String) {
        if lines.count < Self.mostLines { lines.append(line) } else { hasMore = true }
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// A text as a pattern that matches it alone.
    private static func escaped(_ text: some StringProtocol) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            // The words of a line know these two.
            case "$": result += "[$]"
            case "\\": result += "[\\\\]"
            case ".", "*", "+", "?", "(", ")", "[", "]", "{", "}", "^", "|", "/": result += "\\\(character)"
            // A terminal was shown an escape in its place, a file the character.
            case _ where character.unicodeScalars.contains { $0.properties.generalCategory == .control }: result += ".*"
            default: result.append(character)
            }
        }
    }
}
