import ArgumentParser
import ChatWire

/// The arguments of one command as the parser describes them, with their names, values and what completes them.
struct CommandShape: Sendable {
    /// One positional argument, option or flag.
    struct Argument: Sendable, Decodable {
        enum Kind: String, Sendable, Decodable {
            case positional
            case option
            case flag
        }

        /// A name without its dashes.
        struct Name: Sendable, Decodable {
            let kind: String
            let name: String

            var isShort: Bool { kind == "short" }
            var spelled: String { (kind == "long" ? "--" : "-") + name }
        }

        /// What the parser's `CompletionKind` says; one of the cases is there.
        struct Completion: Sendable, Decodable {
            struct List: Sendable, Decodable { let values: [String] }
            struct File: Sendable, Decodable { let extensions: [String] }
            struct Nothing: Sendable, Decodable {}
            struct Command: Sendable, Decodable { let command: String }

            let list: List?
            let file: File?
            let directory: Nothing?
            let shellCommand: Command?
        }

        let kind: Kind
        let shouldDisplay: Bool
        let isRepeating: Bool
        let sectionTitle: String?
        let parsingStrategy: String
        let names: [Name]?
        let abstract: String?
        let completionKind: Completion?

        /// True where the values stand behind `--`: they are another program's command line.
        var followsTerminator: Bool { parsingStrategy == "postTerminator" }
    }

    let arguments: [Argument]

    /// The description takes some milliseconds, so it is asked for only where it matters. That of a group would describe
    /// all of its commands; it takes what every command takes.
    init(of command: any ParsableCommand.Type) {
        let isGroup = !command.configuration.subcommands.isEmpty
        let command = isGroup ? AnyCommand.self : command
        let dump = try? ShapeCoder.decode(Dump.self, from: Array(command._dumpHelp().utf8))
        arguments = dump?.command.arguments ?? []
    }

    /// The option or flag with a name such as `--follow` or `-f`.
    func named(_ spelled: String) -> Argument? {
        arguments.first { $0.names?.contains { $0.spelled == spelled } == true }
    }

    private struct AnyCommand: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "chatctl", version: " ")

        @OptionGroup(title: "Global options") var global: GlobalOptions
    }

    private struct Dump: Decodable {
        struct Command: Decodable { let arguments: [Argument]? }

        let command: Command
    }
}
