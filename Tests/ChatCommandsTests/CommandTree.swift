import ArgumentParser
import Testing

@testable import ChatCommands

/// A command or group and the words that name it.
struct CommandNode: Sendable, CustomTestStringConvertible {
    let words: [String]
    let isGroup: Bool

    var testDescription: String { (["chatctl"] + words).joined(separator: " ") }

    /// The name of its golden files: `room-create`, and `chatctl` for the root.
    var file: String { words.isEmpty ? "chatctl" : words.joined(separator: "-") }

    /// The whole tree, the root first.
    static let all = nodes(Chatctl.self, [])
    static let commands = all.filter { !$0.isGroup }

    private static func nodes(_ type: any ParsableCommand.Type, _ words: [String]) -> [CommandNode] {
        let subcommands = type.configuration.subcommands
        return [CommandNode(words: words, isGroup: !subcommands.isEmpty)]
            + subcommands.flatMap { nodes($0, words + [$0._commandName]) }
    }
}
