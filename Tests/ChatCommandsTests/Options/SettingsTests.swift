import ChatCore
import Testing

@testable import ChatCommands

@Suite struct SettingsTests {
    private static let home: Environment = ["HOME": "/home/alice"]

    private func settings(
        _ arguments: [String] = [], _ environment: Environment = home, file: [String: String] = [:],
        profiles: [String: [String: String]] = [:]
    ) throws -> Settings {
        let content = ConfigurationFile.Content(settings: file, profiles: profiles)
        return try Settings(
            try GlobalOptions.parse(arguments), environment, file: content, Folders(environment))
    }

    /// A setting with its flag and variable, where it has them.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let flag: String?
        let variable: String?

        var testDescription: String { name }
    }

    private static let rows = [
        Row(name: "database", flag: "--database", variable: "CHATCTL_DATABASE"),
        Row(name: "redis", flag: "--redis", variable: "CHATCTL_REDIS"),
        Row(name: "server", flag: "--server", variable: "CHATCTL_SERVER"),
        Row(name: "token_file", flag: "--token-file", variable: nil),
        Row(name: "token", flag: nil, variable: "CHATCTL_TOKEN"),
        Row(name: "user", flag: "--as", variable: "CHATCTL_USER"),
    ]

    @Test(arguments: rows)
    func `a flag beats the environment, that beats the file, and that the default`(row: Row) throws {
        let (flag, variable) = (row.flag.map { [$0, "from-flag"] } ?? [], row.variable ?? "")
        let environment: Environment = ["HOME": "/home/alice", variable: "from-environment"]
        let file = [row.name: "from-file"]

        let all = try settings(flag, environment, file: file)
        #expect(all[row.name] == (row.flag != nil ? "from-flag" : "from-environment"))
        #expect(all.source(of: row.name) == (row.flag != nil ? .flag : .environment))
        let noFlag = try settings([], environment, file: file)
        #expect(noFlag[row.name] == (row.variable != nil ? "from-environment" : "from-file"))
        #expect(noFlag.source(of: row.name) == (row.variable != nil ? .environment : .file))
        let fileOnly = try settings([], file: file)
        #expect(fileOnly[row.name] == "from-file" && fileOnly.source(of: row.name) == .file)
        let none = try settings()
        #expect(none[row.name] == (row.name == "database" ? "sqlite:/home/alice/.local/share/chatctl/chat.db" : nil))
        #expect(none.source(of: row.name) == .fallback)
    }

    @Test func `each setting has its row here`() throws {
        // Which profile, and colours, are nothing that the file says.
        let names = try settings().all.map(\.name).filter { !["profile", "color"].contains($0) }
        #expect(names == Self.rows.map(\.name) && Set(names).subtracting(["token"]) == ConfigurationFile.names)
    }

    @Test(arguments: rows)
    func `a profile comes between the environment and the rest of the file`(row: Row) throws {
        let file = [row.name: "from-file"]
        let profiles = ["work": [row.name: "from-profile"], "home": [:]]
        let work = try settings(["--profile", "work"], file: file, profiles: profiles)
        #expect(work[row.name] == "from-profile" && work.source(of: row.name) == .profile)
        let home = try settings(["--profile", "home"], file: file, profiles: profiles)
        #expect(home[row.name] == "from-file" && home.source(of: row.name) == .file)
        #expect(try settings([], file: file, profiles: profiles)[row.name] == "from-file")
        guard let variable = row.variable else { return }
        let environment: Environment = ["HOME": "/home/alice", "CHATCTL_PROFILE": "work", variable: "from-environment"]
        #expect(try settings([], environment, file: file, profiles: profiles)[row.name] == "from-environment")
    }

    @Test func `the profile is named by its flag, or else by its variable`() throws {
        let environment: Environment = ["HOME": "/home/alice", "CHATCTL_PROFILE": "work"]
        let profiles = ["work": ["user": "alice"], "play": ["user": "bob"]]
        let work = try settings([], environment, profiles: profiles)
        #expect(work["user"] == "alice" && work["profile"] == "work" && work.source(of: "profile") == .environment)
        let play = try settings(["--profile", "play"], environment, profiles: profiles)
        #expect(play["user"] == "bob" && play["profile"] == "play" && play.source(of: "profile") == .flag)
        let none = try settings(["--profile", ""], environment, profiles: profiles)
        #expect(none["user"] == nil && none["profile"] == nil)
    }

    @Test func `an empty value in a profile means none`() throws {
        let settings = try settings(
            ["--profile", "local"], file: ["server": "http://a"], profiles: ["local": ["server": ""]])
        #expect(settings["server"] == nil && settings.source(of: "server") == .profile)
    }

    @Test func `a profile that the file does not have is a wrong configuration, and the hint names those it has`() {
        #expect {
            try settings(["--profile", "wrok"], profiles: ["work": [:], "home": [:]])
        } throws: { error in
            let error = error as? ChatError
            return error?.code == .configuration && error?.hint == "the profiles there are home, work"
        }
        #expect { try settings(["--profile", "work"]) } throws: { ($0 as? ChatError)?.code == .configuration }
    }

    @Test func `a path may begin with the home folder, wherever it was named`() throws {
        let all = try settings(
            ["--database", "sqlite:~/chat.db"], file: ["token_file": "~/token", "user": "~/x"])
        #expect(all["database"] == "sqlite:/home/alice/chat.db" && all["token_file"] == "/home/alice/token")
        #expect(all["user"] == "~/x")
        #expect(try settings(["--database", "sqlite:~bob/chat.db"])["database"] == "sqlite:~bob/chat.db")
        #expect(try settings(["--database", "sqlite:~/chat.db"], [:])["database"] == "sqlite:~/chat.db")
    }

    @Test func `colour has its flag and its variable`() throws {
        #expect(try settings()["color"] == "auto" && settings().source(of: "color") == .fallback)
        let environment: Environment = ["NO_COLOR": "1"]
        #expect(try settings([], environment)["color"] == "never")
        #expect(try settings(["--color", "always"], environment)["color"] == "always")
    }

    @Test func `an empty flag means none, whatever else names a value`() throws {
        let environment: Environment = ["HOME": "/home/alice", "CHATCTL_SERVER": "http://a"]
        let settings = try settings(["--server", "", "--as", ""], environment, file: ["user": "alice"])
        #expect(settings["server"] == nil && settings.source(of: "server") == .flag)
        #expect(settings["user"] == nil)
    }

    @Test func `an empty variable counts as not set`() throws {
        let environment: Environment = ["HOME": "/home/alice", "CHATCTL_USER": ""]
        #expect(try settings([], environment, file: ["user": "alice"])["user"] == "alice")
    }

    @Test func `an empty value in the file means none`() throws {
        #expect(try settings([], file: ["redis": ""])["redis"] == nil)
    }

    @Test func `without a home there is no default database`() throws {
        #expect(try settings([], [:])["database"] == nil)
        #expect(try settings([], ["XDG_DATA_HOME": "/data"])["database"] == "sqlite:/data/chatctl/chat.db")
    }

    @Test(arguments: [
        ("token", "chat_secret", "********"),
        ("database", "postgres://me:secret@db/chat", "postgres://me:********@db/chat"),
        ("database", "postgres://me:se:cr@et@db/chat", "postgres://me:********@db/chat"),
        ("database", "postgres://me@db:5432/chat", "postgres://me@db:5432/chat"),
        ("database", "sqlite:/srv/a@b:c/chat.db", "sqlite:/srv/a@b:c/chat.db"),
        ("server", "http://user:secret@127.0.0.1:1", "http://user:********@127.0.0.1:1"),
        ("server", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("database", "postgres://db/chat?password=secret&x=1", "postgres://db/chat?password=********&x=1"),
        ("redis", "redis://:one@a,rediss://u:two@b:1", "redis://:********@a,rediss://u:********@b:1"),
    ])
    func `secrets are masked`(name: String, value: String, shown: String) {
        #expect(Setting(name: name, value: value, source: .flag).shown == shown)
    }

    @Test func `a setting without a value is shown as a dash`() throws {
        #expect(Setting(name: "token", value: nil, source: .fallback).shown == "-")
        #expect(try settings().shown("server") == "-")
    }
}
