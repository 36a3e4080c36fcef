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
    /// - Throws: `usage` when the terminal gives none, `interrupted` after Ctrl-C, `invalidInput` when none is piped in.
    static func ask(_ prompt: String, _ input: any InputChannel) throws(ChatError) -> String {
        guard input.isTerminal else { return try piped(input) }
        guard let typed = try input.secret(prompt), !typed.isEmpty else {
            throw ChatError(.usage, "password: none given", hint: "pipe it in with --password-stdin")
        }
        return typed
    }

    /// Asks twice for a password that is to be set: nobody sees a typing error in it.
    ///
    /// - Throws: what ``ask(_:_:)`` throws, and `invalidInput` for one that may not be set, or when both differ.
    static func askTwice(_ prompt: String, _ input: any InputChannel) throws(ChatError) -> String {
        guard input.isTerminal else { return try piped(input) }
        let first = try Password.validated(try ask(prompt, input))
        guard try ask("The same again: ", input) == first else {
            throw ChatError(.invalidInput, "password: the two that were typed differ", hint: "try again")
        }
        return first
    }

    /// Twenty letters and digits that cannot be mistaken for each other: about 115 bits.
    static func generate() -> String {
        let alphabet = Array("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        var random = SystemRandomNumberGenerator()
        return String((0..<20).compactMap { _ in alphabet.randomElement(using: &random) })
    }
}
