import ArgumentParser
import ChatWire

/// What Tab offers for the last word of a text.
struct ReplCompletion {
    let rooms: [String]
    let users: [String]

    /// The words that may stand in place of the last one, sorted.
    func words(for text: String) -> [String] {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard let last = words.last, let first = words.first(where: { !$0.isEmpty }) else { return [] }
        if last.hasPrefix("@") { return Self.matching(users.map { "@\($0)" }, last) }
        guard first.hasPrefix("/"), !first.hasPrefix("//") else {
            return last.hasPrefix("#") ? Self.matching(rooms.map { "#\($0)" }, last) : []
        }
        if words.count == 1 { return Self.matching(Self.commands.map { "/\($0)" }, last) }
        return Self.matching(arguments(of: String(first.dropFirst()), words.dropFirst().dropLast(), last), last)
    }

    private func arguments(of command: String, _ words: some Sequence<String>, _ last: String) -> [String] {
        let marked = last.hasPrefix("#") ? rooms.map { "#\($0)" } : []
        switch command {
        case "join", "switch", "leave", "who": return rooms + marked
        case "as", "dm", "kick", "ban", "mute", "invite": return users
        case "help": return Self.commands
        case "json", "raw", "timing", "notices": return ["on", "off"]
        case "save": return []
        default: break
        }
        let path = CommandPath([command] + words.filter { !$0.isEmpty })
        guard !path.words.isEmpty else { return [] }
        let subcommands = path.command.configuration.subcommands.map { $0._commandName }
        if !subcommands.isEmpty { return subcommands }
        return last.hasPrefix("-") ? Self.options(of: path.command) : rooms + users + marked
    }

    private static let commands =
        (ReplShortForm.names + Chatctl.configuration.subcommands.map { $0._commandName }).sorted()

    private static func matching(_ words: [String], _ beginning: String) -> [String] {
        Set(words.filter { $0.hasPrefix(beginning) }).sorted()
    }

    /// The long names of a command's options.
    private static func options(of command: any ParsableCommand.Type) -> [String] {
        guard let dump = try? ShapeCoder.decode(Dump.self, from: Array(command._dumpHelp().utf8)) else { return [] }
        return (dump.command.arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map {
            "--\($0.name)"
        }
    }

    private struct Dump: Decodable {
        struct Command: Decodable { let arguments: [Argument]? }
        struct Argument: Decodable { let names: [Name]? }
        struct Name: Decodable {
            let kind: String
            let name: String
        }

        let command: Command
    }
}
