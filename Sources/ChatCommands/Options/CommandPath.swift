import ArgumentParser
import ChatCore

/// The words at the beginning of a command line that name a command, and what comes behind them.
struct CommandPath {
    let words: [String]
    /// The command, or the group when it has none of the name that follows.
    let command: any ParsableCommand.Type
    /// The next word, where `command` is a group and the word names none of its commands.
    let unknown: String?

    init(_ arguments: some Sequence<String>) {
        var words: [String] = []
        var level: any ParsableCommand.Type = Chatctl.self
        var unknown: String?
        for word in arguments {
            let commands = level.configuration.subcommands
            guard let next = commands.first(where: { $0._commandName == word }) else {
                unknown = commands.isEmpty || word.hasPrefix("-") ? nil : word
                break
            }
            words.append(word)
            level = next
        }
        (self.words, command, self.unknown) = (words, level, unknown)
    }

    /// - Throws: `usage` for a word that names no command.
    func requireKnown() throws(ChatError) {
        guard let unknown else { return }
        let line = (["chatctl"] + words).joined(separator: " ")
        let nearest = Nearest.word(to: unknown, among: command.configuration.subcommands.map { $0._commandName })
        throw ChatError(
            .usage, "arguments: '\(line) \(unknown)': no such command",
            hint: (nearest.map { "did you mean '\(line) \($0)'? " } ?? "") + "'\(line) --help' lists the commands")
    }
}
