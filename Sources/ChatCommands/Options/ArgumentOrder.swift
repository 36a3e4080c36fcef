/// Global options may stand before the command; the parser wants them behind it.
enum ArgumentOrder {
    private static let valued: Set<String> = [
        "--database", "--redis", "--server", "--token-file", "--as", "--profile", "--color",
    ]

    /// Moves leading global options behind the words that name the command.
    static func globalsLast(_ arguments: [String]) -> [String] {
        var leading: [String] = []
        var rest = arguments[...]
        while let first = rest.first, first.hasPrefix("-"), !["--", "--help", "-h", "--version"].contains(first),
            !first.hasPrefix("--generate-completion-script"), !first.hasPrefix("--experimental")
        {
            leading.append(rest.removeFirst())
            if valued.contains(first), let value = rest.popFirst() { leading.append(value) }
        }
        guard !leading.isEmpty else { return arguments }
        // Of them, help takes what says how its errors are told.
        if rest.first == "help" { return rest + leading.filter { $0 == "--json" } }
        let path = CommandPath(rest)
        guard path.unknown == nil else { return rest + leading }
        return path.words + leading + rest.dropFirst(path.words.count)
    }

    /// The options up to the first `--`; what stands behind it belongs to another program, or is a name.
    static func asksForJSON(_ arguments: [String]) -> Bool {
        arguments.prefix { $0 != "--" }.contains("--json")
    }
}
