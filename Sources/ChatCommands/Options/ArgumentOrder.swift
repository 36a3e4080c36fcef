import ArgumentParser

/// Global options may stand before the command; the parser wants them behind it.
enum ArgumentOrder {
    private static let valued: Set<String> = ["--database", "--redis", "--server", "--token-file", "--as", "--color"]

    /// Moves leading global options behind the words that name the command.
    static func globalsLast(_ arguments: [String], under root: any ParsableCommand.Type) -> [String] {
        var leading: [String] = []
        var rest = arguments[...]
        while let first = rest.first, first.hasPrefix("-"), !["--", "--help", "-h", "--version"].contains(first),
            !first.hasPrefix("--generate-completion-script"), !first.hasPrefix("--experimental")
        {
            leading.append(rest.removeFirst())
            if valued.contains(first), let value = rest.popFirst() { leading.append(value) }
        }
        guard !leading.isEmpty else { return arguments }
        let words = words(of: rest, under: root)
        return words + leading + rest.dropFirst(words.count)
    }

    /// The words at the beginning that name a command or group; they stand first once the global options are moved.
    static func words(of arguments: some Sequence<String>, under root: any ParsableCommand.Type) -> [String] {
        var words: [String] = []
        var level = root
        for word in arguments {
            guard let next = level.configuration.subcommands.first(where: { $0._commandName == word }) else { break }
            words.append(word)
            level = next
        }
        return words
    }

    /// The options up to the first `--`; what stands behind it belongs to another program, or is a name.
    static func asksForJSON(_ arguments: [String]) -> Bool {
        arguments.prefix { $0 != "--" }.contains("--json")
    }
}
