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

    /// - Parameter isHelp: the words stand behind `help`, which also knows topics.
    /// - Throws: `usage` for a word that names no command.
    func requireKnown(isHelp: Bool = false) throws(ChatError) {
        guard let unknown else { return }
        let line = (["chatctl"] + words).joined(separator: " ")
        let topics = isHelp && words.isEmpty ? HelpTopic.allCases.map(\.rawValue) : []
        let known = command.configuration.subcommands.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
        let nearest = Nearest.word(to: unknown, among: known + topics)
        let meant = (["chatctl"] + (isHelp ? ["help"] : []) + words).joined(separator: " ")
        throw ChatError(
            .usage, "arguments: '\(line) \(unknown)': no such command" + (topics.isEmpty ? "" : " or topic"),
            hint: (nearest.map { "did you mean '\(meant) \($0)'? " } ?? "") + "'\(line) --help' lists the commands")
    }
}
