// Expectations are about lines that were shown, whoever caused them. A match moves the mark behind its line, so that the
// next expectation is about what came after; what is shown before anybody expects it waits here.

/// The lines a REPL has shown, as many as an expectation may still be about.
struct ReplTranscript: Sendable {
    /// Beyond these the oldest lines are dropped, so that a session of any length takes bounded memory.
    static let mostLines = 10_000
    static let mostBytes = 8 << 20

    private var lines: [String] = []
    private var bytes = 0
    /// The beginning of a line whose end has not come.
    private var open: [UInt8] = []
    /// The number of the oldest line that is kept; lines count from 0.
    private(set) var first = 0
    /// The first line behind the last match.
    private(set) var mark = 0

    /// The number of the next line.
    var end: Int { first + lines.count }

    /// Takes what is written, in pieces of any size.
    mutating func take(_ text: [UInt8]) {
        var rest = text[...]
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            add(open + rest[..<newline])
            open = []
            rest = rest[(newline + 1)...]
        }
        open += rest.prefix(Self.mostBytes - open.count)
    }

    private mutating func add(_ line: [UInt8]) {
        lines.append(Self.plain(String(decoding: line, as: UTF8.self)))
        bytes += lines.last?.utf8.count ?? 0
        guard lines.count > Self.mostLines || bytes > Self.mostBytes else { return }
        // A tenth at a time: each removal moves all the others.
        let dropped = max(1, lines.count / 10)
        for line in lines.prefix(dropped) { bytes -= line.utf8.count }
        lines.removeFirst(dropped)
        first += dropped
        mark = max(mark, first)
    }

    /// The lines from this number on.
    func lines(from number: Int) -> ArraySlice<String> { lines.dropFirst(max(0, number - first)) }

    /// Moves the mark behind a line that matched.
    mutating func matched(_ number: Int) { mark = max(mark, number + 1) }

    /// A line without the sequences that colour it.
    private static func plain(_ line: String) -> String {
        line.contains("\u{1b}") ? line.replacing(/\u{1b}\[[0-9;]*m/, with: "") : line
    }
}
