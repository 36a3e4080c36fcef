import ChatCore

/// Where the value of a setting came from.
enum SettingSource: String, Sendable {
    case flag
    case environment
    case profile
    case file = "configuration file"
    case fallback = "default"

    /// True for both parts of the configuration file.
    var isInFile: Bool { self == .profile || self == .file }
}

/// One setting with its origin.
struct Setting: Sendable {
    let name: String
    let value: String?
    let source: SettingSource

    /// The value as it may be shown: secrets and passwords in URLs are masked.
    var shown: String {
        guard let value else { return "-" }
        if name == "token" { return "********" }
        // Several Redis servers stand in one value.
        guard name == "redis" else { return Self.masked(value) }
        return value.split(separator: ",").map { Self.masked($0) }.joined(separator: ",")
    }

    private static func masked(_ url: some StringProtocol) -> String {
        let query = /([?&](?:ssl)?password=)[^&]*/.ignoresCase()
        return maskedPassword(String(url).replacing(query) { "\($0.output.1)********" })
    }

    private static func maskedPassword(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://"), let at = url[scheme.upperBound...].lastIndex(of: "@"),
            let colon = url[scheme.upperBound..<at].firstIndex(of: ":")
        else { return String(url) }
        return url[...colon] + "********" + url[at...]
    }
}

/// The settings of one run: flag beats environment beats profile beats configuration file beats default.
struct Settings: Sendable {
    let all: [Setting]

    /// - Throws: `configuration` for a profile that the file does not have.
    init(
        _ options: GlobalOptions, _ environment: Environment, file: ConfigurationFile.Content, _ folders: Folders
    ) throws(ChatError) {
        let wanted = options.profile ?? environment["CHATCTL_PROFILE"] ?? ""
        let profile = wanted.isEmpty ? [:] : try Self.profile(wanted, in: file, folders)
        func setting(_ name: String, flag: String?, variable: String?, fallback: String? = nil) -> Setting {
            let found = given(name, flag: flag, variable: variable, fallback: fallback)
            guard let home = environment["HOME"], let value = found.value else { return found }
            return Setting(name: name, value: Self.withHome(home, in: value, of: name), source: found.source)
        }
        func given(_ name: String, flag: String?, variable: String?, fallback: String?) -> Setting {
            // An empty value means none: '--server ""' works on the database whatever else names a server.
            if let flag { return Setting(name: name, value: flag.isEmpty ? nil : flag, source: .flag) }
            if let variable, let value = environment[variable] {
                return Setting(name: name, value: value, source: .environment)
            }
            for (values, source) in [(profile, SettingSource.profile), (file.settings, .file)] {
                if let value = values[name] {
                    return Setting(name: name, value: value.isEmpty ? nil : value, source: source)
                }
            }
            return Setting(name: name, value: fallback, source: .fallback)
        }
        all = [
            setting("profile", flag: options.profile, variable: "CHATCTL_PROFILE"),
            setting(
                "database", flag: options.database, variable: "CHATCTL_DATABASE",
                fallback: folders.data.map { "sqlite:\($0)/chat.db" }),
            setting("redis", flag: options.redis, variable: "CHATCTL_REDIS"),
            setting("server", flag: options.server, variable: "CHATCTL_SERVER"),
            setting("token_file", flag: options.tokenFile, variable: nil),
            setting("token", flag: nil, variable: "CHATCTL_TOKEN"),
            setting("user", flag: options.speaker, variable: "CHATCTL_USER"),
            Self.color(options, environment),
        ]
    }

    /// A path that begins with `~/`, as the shell has it only where the `~` stands at the beginning of a word.
    private static func withHome(_ home: String, in value: String, of name: String) -> String {
        for prefix in name == "database" ? ["sqlite:"] : name == "token_file" ? [""] : []
        where value.hasPrefix("\(prefix)~/") {
            return prefix + home + value.dropFirst(prefix.count + 1)
        }
        return value
    }

    private static func color(_ options: GlobalOptions, _ environment: Environment) -> Setting {
        if let wish = options.color { return Setting(name: "color", value: wish.rawValue, source: .flag) }
        let isRefused = environment["NO_COLOR"] != nil
        return Setting(
            name: "color", value: isRefused ? "never" : "auto", source: isRefused ? .environment : .fallback)
    }

    private static func profile(
        _ name: String, in file: ConfigurationFile.Content, _ folders: Folders
    ) throws(ChatError) -> [String: String] {
        if let profile = file.profiles[name] { return profile }
        let known = file.profiles.keys.sorted()
        let path = ConfigurationFile.path(folders) ?? "config.toml"
        throw ChatError(
            .configuration, "profile \(name): not in \(path)",
            hint: known.isEmpty
                ? "begin its settings with a line [profile.\(name)]"
                : "the profiles there are \(known.joined(separator: ", "))")
    }

    subscript(name: String) -> String? { setting(name)?.value }

    /// The value as it may be shown; `-` when there is none.
    func shown(_ name: String) -> String { setting(name)?.shown ?? "-" }

    func source(of name: String) -> SettingSource? { setting(name)?.source }

    private func setting(_ name: String) -> Setting? { all.first { $0.name == name } }
}
