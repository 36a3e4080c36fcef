import ArgumentParser

/// The parser's help, arranged: a command's own options, then the exit codes that matter and examples. The global options,
/// which are the same for all commands, stand in `help options` alone.
enum HelpText {
    /// What `chatctl` alone shows: the shortest way to a first success.
    static let firstSteps = """
        chatctl is a chat service and its toolkit. It needs no set-up; try this first:

          chatctl user create alice --generate-password
          chatctl send general 'hello' --as alice
          chatctl tail general
          chatctl serve

        The last one starts the server on http://127.0.0.1:8080.

          chatctl help             all commands, by what they are for
          chatctl help COMMAND     one command, with examples
          chatctl help scripting   how to use it in scripts and tests
        """

    /// - Parameter command: the words that name the command; empty for `chatctl` itself.
    static func arranged(_ text: String, of command: [String]) -> String {
        var blocks = text.split(separator: "\n\n").map { $0.last == "\n" ? String($0.dropLast()) : String($0) }
        // A completion script or the version is no help.
        guard blocks.contains(where: { $0.hasPrefix("USAGE:") }) else { return text }
        blocks.removeAll { $0.hasPrefix("GLOBAL OPTIONS:") }
        blocks = blocks.map { block in
            if block.hasPrefix("USAGE:") { return usage(block, of: command) }
            return block.hasPrefix("OPTIONS:") && !command.isEmpty ? withoutVersion(block) : block
        }
        if command.isEmpty { arrangeOverview(&blocks) } else { blocks += sections(of: command) }
        let isGroup = blocks.contains { $0.hasPrefix("SUBCOMMANDS:") }
        if isGroup { blocks.removeAll { $0.hasPrefix("  See 'chatctl help") } }
        blocks.append(
            command.isEmpty
                ? "  'chatctl help COMMAND' and 'chatctl help TOPIC' tell more."
                : isGroup
                    ? "  'chatctl help \(command.joined(separator: " ")) COMMAND' tells more."
                    : "  See 'chatctl help options' for the global options.")
        return blocks.joined(separator: "\n\n") + "\n"
    }

    /// The global options as the parser lists them.
    static func globalOptions(columns: Int) -> String {
        Chatctl.helpMessage(columns: columns).split(separator: "\n\n").first { $0.hasPrefix("GLOBAL OPTIONS:") }
            .map(String.init) ?? ""
    }

    // MARK: Parts

    private static func usage(_ block: String, of command: [String]) -> String {
        guard !command.isEmpty else { return "USAGE: chatctl [<global options>] <command>" }
        let line = block.replacing(globalUsage, with: "[<global options>]")
        // What stands behind '--' is another program's, so nothing of ours can follow it.
        guard let end = line.range(of: " -- "), line.hasSuffix(" [<global options>]") else { return line }
        let rest = line[end.upperBound...].dropLast(" [<global options>]".count)
        return "\(line[..<end.lowerBound]) [<global options>] -- \(rest)"
    }

    private static func withoutVersion(_ block: String) -> String {
        block.split(separator: "\n").filter { !$0.hasPrefix("  --version  ") }.joined(separator: "\n")
    }

    private static func arrangeOverview(_ blocks: inout [String]) {
        blocks.removeAll { $0.hasPrefix("  See 'chatctl help") }
        blocks = blocks.map { block in
            guard let end = block.range(of: " SUBCOMMANDS:\n") else { return block }
            return block.replacingCharacters(in: end, with: ":\n")
        }
        let topics = HelpTopic.allCases.map { topic in
            "  \(topic.rawValue)" + String(repeating: " ", count: 24 - topic.rawValue.count) + topic.abstract
        }
        blocks.append((["HELP TOPICS:"] + topics).joined(separator: "\n"))
    }

    private static func sections(of command: [String]) -> [String] {
        let name = command.joined(separator: " ")
        var sections: [String] = []
        if let codes = ExitStatus.ofCommands[name] {
            let more = ["  See 'chatctl help exit-codes' for the others."]
            sections.append((["EXIT CODES:"] + ExitStatus.lines(codes) + more).joined(separator: "\n"))
        }
        if let examples = Examples.all[name] {
            sections.append("EXAMPLES:\n" + examples.map { "  \($0)" }.joined(separator: "\n"))
        }
        return sections
    }

    /// The global options as a usage lists them.
    private static let globalUsage: String = {
        let text = GlobalOptions.usageString()
        return text.firstIndex(of: "[").map { String(text[$0...]) } ?? text
    }()
}
