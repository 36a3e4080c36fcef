import ChatCore
import Glibc

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

    /// - Throws: `configuration` for a file that cannot be read.
    init(_ options: GlobalOptions) throws(ChatError) {
        let file = try ConfigurationFile.load()
        func setting(_ name: String, flag: String?, environment: String?, fallback: String?) -> Setting {
            if let flag { return Setting(name: name, value: flag, source: .flag) }
            if let environment, let value = Environment[environment] {
                return Setting(name: name, value: value, source: .environment)
            }
            if let value = file[name] { return Setting(name: name, value: value, source: .file) }
            return Setting(name: name, value: fallback, source: .fallback)
        }
        all = [
            setting(
                "database", flag: options.database, environment: "CHATCTL_DATABASE",
                fallback: "sqlite:\(Folders.data)/chat.db"),
            setting("redis", flag: options.redis, environment: "CHATCTL_REDIS", fallback: nil),
            setting("server", flag: options.server, environment: "CHATCTL_SERVER", fallback: nil),
            setting("token_file", flag: options.tokenFile, environment: nil, fallback: nil),
            setting("token", flag: nil, environment: "CHATCTL_TOKEN", fallback: nil),
            setting("user", flag: options.speaker, environment: "CHATCTL_USER", fallback: nil),
        ]
    }

    subscript(name: String) -> String? { all.first { $0.name == name }?.value }
}

/// The process' environment; an empty variable counts as not set.
enum Environment {
    static subscript(name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }
}

/// The user's folders after the XDG base directory specification.
enum Folders {
    static var data: String { folder("XDG_DATA_HOME", under: ".local/share") }
    static var configuration: String { folder("XDG_CONFIG_HOME", under: ".config") }

    private static func folder(_ variable: String, under home: String) -> String {
        (Environment[variable] ?? "\(Environment["HOME"] ?? ".")/\(home)") + "/chatctl"
    }
}
