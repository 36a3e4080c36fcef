/// Where the value of a setting came from.
enum SettingSource: String, Sendable {
    case flag
    case environment
    case file = "configuration file"
    case fallback = "default"
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
        guard let scheme = url.firstRange(of: "://"), let at = url[scheme.upperBound...].lastIndex(of: "@"),
            let colon = url[scheme.upperBound..<at].firstIndex(of: ":")
        else { return String(url) }
        return url[...colon] + "********" + url[at...]
    }
}

/// The settings of one run: flag beats environment beats configuration file beats default.
struct Settings: Sendable {
    let all: [Setting]

    /// - Parameter file: the settings of the configuration file by their names.
    init(_ options: GlobalOptions, _ environment: Environment, file: [String: String], _ folders: Folders) {
        func setting(_ name: String, flag: String?, variable: String?, fallback: String? = nil) -> Setting {
            // An empty value means none: '--server ""' works on the database whatever else names a server.
            if let flag { return Setting(name: name, value: flag.isEmpty ? nil : flag, source: .flag) }
            if let variable, let value = environment[variable] {
                return Setting(name: name, value: value, source: .environment)
            }
            if let value = file[name] { return Setting(name: name, value: value.isEmpty ? nil : value, source: .file) }
            return Setting(name: name, value: fallback, source: .fallback)
        }
        all = [
            setting(
                "database", flag: options.database, variable: "CHATCTL_DATABASE",
                fallback: folders.data.map { "sqlite:\($0)/chat.db" }),
            setting("redis", flag: options.redis, variable: "CHATCTL_REDIS"),
            setting("server", flag: options.server, variable: "CHATCTL_SERVER"),
            setting("token_file", flag: options.tokenFile, variable: nil),
            setting("token", flag: nil, variable: "CHATCTL_TOKEN"),
            setting("user", flag: options.speaker, variable: "CHATCTL_USER"),
        ]
    }

    subscript(name: String) -> String? { setting(name)?.value }

    /// The value as it may be shown; `-` when there is none.
    func shown(_ name: String) -> String { setting(name)?.shown ?? "-" }

    func source(of name: String) -> SettingSource? { setting(name)?.source }

    private func setting(_ name: String) -> Setting? { all.first { $0.name == name } }
}
