import ArgumentParser

/// The parser's help, arranged: a command's own options, then examples. The global options, which are the same for all
/// commands, stand in the help of `chatctl` alone.
enum HelpText {
    /// - Parameter command: the words that name the command; empty for `chatctl` itself.
    static func arranged(_ text: String, of command: [String]) -> String {
        var blocks = text.split(separator: "\n\n").map(String.init)
        guard !command.isEmpty, let global = blocks.firstIndex(where: { $0.hasPrefix("GLOBAL OPTIONS:") }) else {
            return text
        }
        blocks.remove(at: global)
        if let usage = blocks.firstIndex(where: { $0.hasPrefix("USAGE:") }) {
            blocks[usage] = blocks[usage].replacing(globalUsage, with: "[<global options>]")
        }
        if let examples = Examples.all[command.joined(separator: " ")] {
            blocks.append("EXAMPLES:\n" + examples.map { "  \($0)" }.joined(separator: "\n"))
        }
        blocks.append("  See 'chatctl --help' for the global options.")
        return blocks.map { $0.last == "\n" ? String($0.dropLast()) : $0 }.joined(separator: "\n\n") + "\n"
    }

    /// The global options as a usage lists them.
    private static let globalUsage: String = {
        let text = GlobalOptions.usageString()
        return text.firstIndex(of: "[").map { String(text[$0...]) } ?? text
    }()
}
