import ChatCore

// The rules are those of a shell as far as people expect them in a chat, with one difference: a backslash outside of
// quotes escapes only what is special here, so that '\d' in a regular expression needs no quotes.

/// Cuts what stands behind a command of the REPL into words: quotes hold words together, `$NAME` stands for a value.
struct ReplWords {
    private let variables: [String: String]
    private var rest: Substring
    private var words: [String] = []
    private var word: String?
    private var bytes = 0

    private init(_ text: some StringProtocol, _ variables: [String: String]) {
        self.variables = variables
        rest = Substring(text)
    }

    /// - Throws: `usage` for a quote without its end, and for a variable that is not set.
    static func split(_ text: some StringProtocol, _ variables: [String: String] = [:]) throws(ChatError) -> [String] {
        var words = ReplWords(text, variables)
        while let character = words.rest.popFirst() { try words.take(character) }
        words.endWord()
        return words.words
    }

    /// A text in which each variable that is set is replaced by its value; everything else stays.
    ///
    /// - Throws: `invalidInput` for a text that becomes longer than a line may be.
    static func expanded(_ text: String, _ variables: [String: String]) throws(ChatError) -> String {
        guard !variables.isEmpty, text.contains("$") else { return text }
        var result = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "$", let (name, behind) = variable(at: rest), let value = variables[name] else {
                result.append(character)
                continue
            }
            result += value
            try requireRoom(for: result.utf8.count)
            rest = behind
        }
        return result
    }

    /// True for what `/set` takes as a name.
    static func isName(_ text: some StringProtocol) -> Bool {
        text.first?.isNumber == false && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    private mutating func take(_ character: Character) throws(ChatError) {
        switch character {
        case "'": try takeQuoted()
        case "\"": try takeDoublyQuoted()
        case "\\": append(escaped(of: "'\"\\$ \t#"))
        case "$": append(try value())
        case _ where character.isWhitespace: endWord()
        default: append(String(character))
        }
    }

    private mutating func takeQuoted() throws(ChatError) {
        guard let end = rest.firstIndex(of: "'") else { throw Self.open("'") }
        append(String(rest[..<end]))
        rest = rest[rest.index(after: end)...]
    }

    private mutating func takeDoublyQuoted() throws(ChatError) {
        append("")
        while let character = rest.popFirst() {
            switch character {
            case "\"": return
            case "\\": append(escaped(of: "\"\\$"))
            case "$": append(try value())
            default: append(String(character))
            }
        }
        throw Self.open("\"")
    }

    /// What a backslash and the next character stand for.
    private mutating func escaped(of special: String) -> String {
        guard let next = rest.first, special.contains(next) else { return "\\" }
        rest.removeFirst()
        return String(next)
    }

    private mutating func value() throws(ChatError) -> String {
        guard let (name, behind) = Self.variable(at: rest) else { return "$" }
        guard let value = variables[name] else {
            throw ChatError(
                .usage, "variable \(name): it is not set",
                hint: "set it with '/set \(name) VALUE', or write '\\$\(name)'")
        }
        rest = behind
        bytes += value.utf8.count
        try Self.requireRoom(for: bytes)
        return value
    }

    /// A script that doubles a value would otherwise take all memory.
    private static func requireRoom(for bytes: Int) throws(ChatError) {
        guard bytes <= ReplLines.longest else {
            throw ChatError(.invalidInput, "line: with its variables longer than \(ReplLines.longest) bytes")
        }
    }

    /// The name of a variable at the beginning of a text, and what stands behind it: `NAME` or `{NAME}`.
    private static func variable(at text: Substring) -> (name: String, behind: Substring)? {
        if text.first == "{", let end = text.firstIndex(of: "}") {
            let name = text[..<end].dropFirst()
            return isName(name) ? (String(name), text[text.index(after: end)...]) : nil
        }
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        return isName(name) ? (String(name), text[name.endIndex...]) : nil
    }

    private mutating func append(_ text: String) { word = (word ?? "") + text }

    private mutating func endWord() {
        if let word { words.append(word) }
        word = nil
    }

    private static func open(_ quote: String) -> ChatError {
        ChatError(.usage, "arguments: a \(quote) without its end")
    }
}
