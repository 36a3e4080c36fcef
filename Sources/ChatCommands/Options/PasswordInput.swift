import ChatCore
import Glibc

/// Where a password comes from: never an argument, which other processes can read.
enum PasswordInput {
    /// The first line of standard input.
    static func fromStandardInput() throws(ChatError) -> String {
        guard let bytes = TextFile.readAll(STDIN_FILENO, upTo: 65_536),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw ChatError(.invalidInput, "password: standard input is no text") }
        let line = text.prefix { $0 != "\n" && $0 != "\r\n" }
        guard !line.isEmpty else { throw ChatError(.invalidInput, "password: standard input is empty") }
        return String(line)
    }

    /// Asks on the terminal without showing what is typed; without a terminal reads standard input.
    static func ask(_ prompt: String) throws(ChatError) -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try fromStandardInput() }
        guard let typed = getpass(prompt) else {
            throw ChatError(.usage, "password: the terminal gave none", hint: "pipe it in with --password-stdin")
        }
        return String(cString: typed)
    }

    /// Twenty letters and digits that cannot be mistaken for each other: about 115 bits.
    static func generate() -> String {
        let alphabet = Array("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        var random = SystemRandomNumberGenerator()
        return String((0..<20).compactMap { _ in alphabet.randomElement(using: &random) })
    }
}
