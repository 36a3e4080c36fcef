import ChatCore

/// What a command writes on: results to one channel, everything else to another. Nothing is held back.
package struct Screen: Sendable {
    package let output: any OutputChannel
    package let error: any OutputChannel
    private let isQuiet: Bool
    private let isVerbose: Bool
    package let usesColor: Bool

    package init(
        output: any OutputChannel, error: any OutputChannel, isQuiet: Bool = false, isVerbose: Bool = false,
        usesColor: Bool = false
    ) {
        self.output = output
        self.error = error
        self.isQuiet = isQuiet
        self.isVerbose = isVerbose
        self.usesColor = usesColor
    }

    /// The same with results that go elsewhere.
    package func with(output: any OutputChannel) -> Screen {
        Screen(output: output, error: error, isQuiet: isQuiet, isVerbose: isVerbose, usesColor: usesColor)
    }

    // MARK: Results

    /// Writes a line of results.
    ///
    /// - Throws: `outputFailed`.
    package func line(_ text: String) throws(ChatError) { try output.write(Array((text + "\n").utf8)) }

    /// Writes lines of results, many with one write: a list of 100,000 rooms would take as many calls of the system.
    ///
    /// - Throws: `outputFailed`.
    package func lines(_ texts: [String]) throws(ChatError) {
        var block: [UInt8] = []
        for text in texts {
            block += text.utf8
            block.append(UInt8(ascii: "\n"))
            guard block.count >= Self.blockBytes else { continue }
            try output.write(block)
            block.removeAll(keepingCapacity: true)
        }
        if !block.isEmpty { try output.write(block) }
    }

    /// As much as a pipe holds.
    private static let blockBytes = 65_536

    /// Writes a JSON document in one line; on a terminal, with escapes for what it would obey.
    ///
    /// - Throws: `outputFailed`.
    package func document(_ bytes: [UInt8]) throws(ChatError) {
        try output.write((output.isTerminal ? Harmless.json(bytes) : bytes) + [UInt8(ascii: "\n")])
    }

    // MARK: Beside the results
    // A command does not fail because these cannot be written: nobody asked for them.

    /// Says something a person may want to know.
    package func notice(_ text: String) {
        guard !isQuiet else { return }
        try? error.write(Array((text + "\n").utf8))
    }

    /// Says what `--verbose` asks for.
    package func detail(_ text: String) {
        guard isVerbose else { return }
        notice("chatctl: \(error.isTerminal ? Harmless.text(text) : text)")
    }

    /// Shows what is going on, on a line that the next one replaces; only where a person looks at it.
    package func progress(_ text: String) {
        guard !isQuiet, error.isTerminal else { return }
        // A line that wraps could not be replaced.
        let shown = error.width.map { TextColumns.cut(text, to: $0 - 1) } ?? text
        try? error.write(Array("\r\u{1b}[K\(shown)".utf8))
    }

    /// Asks a question, whose answer is typed behind it.
    package func prompt(_ text: String) {
        try? error.write(Array(text.utf8))
    }

    // MARK: Text

    /// Text that other users wrote, as part of a line: made harmless where a person looks at it, and one line everywhere.
    package func harmless(_ text: String) -> String {
        output.isTerminal ? Harmless.text(text) : Harmless.oneLine(text)
    }

    package func bold(_ text: String) -> String { usesColor ? "\u{1b}[1m\(text)\u{1b}[0m" : text }

    package func dim(_ text: String) -> String { usesColor ? "\u{1b}[2m\(text)\u{1b}[0m" : text }
}

/// When output is coloured.
package enum ColorWish: String, CaseIterable, Sendable {
    case auto
    case always
    case never
}
