import ChatCore
import ChatTerminal

/// Where a password comes from: never an argument, which other processes can read.
enum PasswordInput {
    /// More is no password, and not worth reading.
    private static let longest = 65_536

    /// The first line of what is piped in.
    ///
    /// - Throws: `invalidInput` when there is none.
    static func piped(_ input: any InputChannel) throws(ChatError) -> String {
        guard let bytes = try input.readAll(upTo: longest), let text = String(validating: bytes, as: UTF8.self) else {
            throw ChatError(.invalidInput, "password: standard input is not UTF-8 text of at most \(longest) bytes")
        }
        let line = text.prefix { !$0.isNewline }
        guard !line.isEmpty else { throw ChatError(.invalidInput, "password: standard input is empty") }
        return String(line)
    }

    /// Asks on the terminal without showing what is typed; without a terminal it reads what is piped in.
    ///
    /// - Throws: `usage` when the terminal gives none, `invalidInput` when none is piped in.
    static func ask(_ prompt: String, _ input: any InputChannel) throws(ChatError) -> String {
        guard input.isTerminal else { return try piped(input) }
        guard let typed = input.secret(prompt) else {
            throw ChatError(.usage, "password: the terminal gave none", hint: "pipe it in with --password-stdin")
        }
        return typed
    }

    /// Twenty letters and digits that cannot be mistaken for each other: about 115 bits.
    static func generate() -> String {
        let alphabet = Array("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        var random = SystemRandomNumberGenerator()
        return String((0..<20).compactMap { _ in alphabet.randomElement(using: &random) })
    }
}
