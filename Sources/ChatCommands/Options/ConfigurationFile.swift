import ChatCore

// Of TOML (https://toml.io/en/v1.0.0) the file needs only `name = "text"` and `[profile.NAME]`. So only those are read, and
// anything else is refused with its line number. A TOML library was tried: its parser ended the process on a broken file.

/// The user's `config.toml`: settings by their names, for all commands and for those that name a profile.
enum ConfigurationFile {
    static let names: Set<String> = ["database", "redis", "server", "token_file", "user"]

    /// What the file holds.
    struct Content: Sendable, Equatable {
        var settings: [String: String] = [:]
        /// The settings of each profile by its name.
        var profiles: [String: [String: String]] = [:]
    }

    static func path(_ folders: Folders) -> String? { folders.configuration.map { "\($0)/config.toml" } }

    /// The settings in the file, nil when there is no file.
    ///
    /// - Throws: `configuration` for a file that cannot be read or holds something else than settings.
    static func load(_ folders: Folders) throws(ChatError) -> Content? {
        guard let path = path(folders), let text = try TextFile.read(path) else { return nil }
        return try parse(text, path: path)
    }

    /// - Parameter path: what errors call the file.
    /// - Throws: `configuration` with the number of the first line that is no setting.
    static func parse(_ text: String, path: String) throws(ChatError) -> Content {
        var content = Content()
        var profile: String?
        // `isNewline` because CRLF is one character.
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = (index == 0 ? line.drop { $0 == "\u{feff}" } : line).trimmingBlanks
            if line.isEmpty || line.first == "#" { continue }
            if let name = profileName(line), content.profiles[name] == nil {
                content.profiles[name] = [:]
                profile = name
            } else if let (name, value) = setting(line), names.contains(name), content[name, in: profile] == nil {
                content[name, in: profile] = value
            } else {
                throw ChatError(
                    .configuration, "\(path): line \(index + 1) is not a setting, or repeats one",
                    hint:
                        "write lines such as database = \"sqlite:PATH\", and [profile.NAME] before those of a profile; "
                        + "the settings are " + names.sorted().joined(separator: ", "))
            }
        }
        return content
    }

    /// The name in `[profile.NAME]`, of letters, digits, `_` and `-` as TOML has it for bare keys.
    private static func profileName(_ line: Substring) -> String? {
        guard line.first == "[", let end = line.firstIndex(of: "]") else { return nil }
        let comment = line[line.index(after: end)...].trimmingBlanks
        let name = line[..<end].dropFirst()
        let words = name.split(separator: ".", omittingEmptySubsequences: false).map(\.trimmingBlanks)
        guard comment.isEmpty || comment.first == "#", words.count == 2, words[0] == "profile", !words[1].isEmpty,
            words[1].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") })
        else { return nil }
        return String(words[1])
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

extension ConfigurationFile.Content {
    /// A setting of a profile, or outside of all of them.
    fileprivate subscript(name: String, in profile: String?) -> String? {
        get { profile.map { profiles[$0]?[name] } ?? settings[name] }
        set {
            if let profile { profiles[profile]?[name] = newValue } else { settings[name] = newValue }
        }
    }
}
