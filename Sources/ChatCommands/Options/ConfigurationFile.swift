import ChatCore

// Of TOML (https://toml.io/en/v1.0.0) the file needs only `name = "text"`. So only that is read, and anything else is
// refused with its line number. A TOML library was tried: its parser ended the process on a broken file.

/// The user's `config.toml`: settings by their names.
enum ConfigurationFile {
    static let names: Set<String> = ["database", "redis", "server", "token_file", "user"]

    static func path(_ folders: Folders) -> String? { folders.configuration.map { "\($0)/config.toml" } }

    /// The settings in the file, nil when there is no file.
    ///
    /// - Throws: `configuration` for a file that cannot be read or holds something else than settings.
    static func load(_ folders: Folders) throws(ChatError) -> [String: String]? {
        guard let path = path(folders), let text = try TextFile.read(path) else { return nil }
        return try parse(text, path: path)
    }

    /// - Parameter path: what errors call the file.
    /// - Throws: `configuration` with the number of the first line that is no setting.
    static func parse(_ text: String, path: String) throws(ChatError) -> [String: String] {
        var values: [String: String] = [:]
        // `isNewline` because CRLF is one character.
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = (index == 0 ? line.drop { $0 == "\u{feff}" } : line).trimmingBlanks
            if line.isEmpty || line.first == "#" { continue }
            guard let (name, value) = setting(line), names.contains(name), values[name] == nil else {
                throw ChatError(
                    .configuration, "\(path): line \(index + 1) is not a setting, or repeats one",
                    hint: "write lines such as database = \"sqlite:PATH\"; the settings are "
                        + names.sorted().joined(separator: ", "))
            }
            values[name] = value
        }
        return values
    }

    /// The name and the text of `name = "text"` or `name = 'text'`, with nothing but a comment behind it.
    private static func setting(_ line: Substring) -> (String, String)? {
        guard let equals = line.firstIndex(of: "=") else { return nil }
        let name = line[..<equals].trimmingBlanks
        let value = line[line.index(after: equals)...].trimmingBlanks
        guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
        let rest = value.dropFirst()
        guard let end = rest.firstIndex(of: quote) else { return nil }
        let text = rest[..<end]
        let comment = rest[rest.index(after: end)...].trimmingBlanks
        guard comment.isEmpty || comment.first == "#", quote == "'" || !text.contains("\\") else { return nil }
        return (String(name), String(text))
    }
}
