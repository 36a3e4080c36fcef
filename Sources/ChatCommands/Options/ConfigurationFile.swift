import ChatCore

// The file needs of TOML (https://toml.io/en/v1.0.0) only `name = "text"`, so that is all that is read, and all
// else is refused by line. A TOML library was tried: its parser ended the process on a broken file.

/// The user's `config.toml`: settings by their names.
enum ConfigurationFile {
    static let names: Set<String> = ["database", "redis", "server", "token_file", "user"]

    static var path: String { Folders.configuration + "/config.toml" }

    /// - Throws: `configuration` for a file that cannot be read or holds something else than settings.
    static func load() throws(ChatError) -> [String: String] {
        guard let text = try TextFile.read(path) else { return [:] }
        return try parse(text, path: path)
    }

    static func parse(_ text: String, path: String) throws(ChatError) -> [String: String] {
        var values: [String: String] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = trimmed(line)
            if line.isEmpty || line.first == "#" { continue }
            guard let (name, value) = setting(line), names.contains(name), values[name] == nil else {
                throw ChatError(
                    .configuration, "\(path): line \(index + 1) is not a setting, or its second time",
                    hint: "lines are of the form database = \"sqlite:PATH\"; settings are "
                        + names.sorted().joined(separator: ", "))
            }
            values[name] = value
        }
        return values
    }

    /// The name and the text of `name = "text"` or `name = 'text'`, with nothing but a comment behind it.
    private static func setting(_ line: Substring) -> (String, String)? {
        guard let equals = line.firstIndex(of: "=") else { return nil }
        let name = trimmed(line[..<equals])
        let value = trimmed(line[line.index(after: equals)...])
        guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
        let rest = value.dropFirst()
        guard let end = rest.firstIndex(of: quote) else { return nil }
        let text = rest[..<end]
        let comment = trimmed(rest[rest.index(after: end)...])
        guard comment.isEmpty || comment.first == "#", quote == "'" || !text.contains("\\") else { return nil }
        return (String(name), String(text))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let head = text.drop { $0.isWhitespace }
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return head[...last]
    }
}
