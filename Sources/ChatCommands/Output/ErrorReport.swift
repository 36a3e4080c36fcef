import ChatCore
import ChatTerminal
import ChatWire

/// How an error is told: one line `chatctl: what: why` and perhaps a hint, or one JSON document.
enum ErrorReport {
    /// Writes the report. A channel that does not take it changes nothing: the exit status tells the rest.
    static func show(_ error: ChatError, asJSON: Bool, on channel: any OutputChannel) {
        let error = error.saying(\.commandWords)
        let report = asJSON ? JSON.document { $0.error(error) } : Array(lines(error).joined(separator: "\n").utf8)
        try? channel.write(report + [UInt8(ascii: "\n")])
    }

    /// What an error quotes may hold line ends and controls; it is shown harmless wherever it goes, and so stays one line.
    private static func lines(_ error: ChatError) -> [String] {
        (["chatctl: \(error.message)"] + (error.hint.map { ["hint: \($0)"] } ?? [])).map(Harmless.text)
    }
}
