import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct ConfigTests {
    @Test(arguments: [[], ["--json"], ["-v"]])
    func `no form shows a secret`(options: [String]) async {
        let environment: Environment = [
            "CHATCTL_TOKEN": "chat_this-is-very-secret", "CHATCTL_SERVER": "http://user:hunter2@127.0.0.1:1",
            "CHATCTL_DATABASE": "postgres://me:hunter2@db/chat", "CHATCTL_USER": "alice",
        ]
        let outcome = await Bare.run(["config"] + options, environment: environment)
        let text = outcome.output + outcome.error
        #expect(outcome.status == 0 && text.contains("alice"))
        #expect(!text.contains("very-secret") && !text.contains("hunter2"))
    }

    @Test func `the file in the environment's folder counts`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("user = \"from-file\"\n", to: "chatctl/config.toml")
        let outcome = await Bare.run(["config", "--json"], environment: ["XDG_CONFIG_HOME": folder.path])
        #expect(outcome.output.contains(#"{"name":"user","value":"from-file","source":"configuration file"}"#))
    }

    @Test func `the profile and the path of the file are shown`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("user = \"amy\"\n[profile.work]\nuser = \"bob\"\n", to: "chatctl/config.toml")
        let outcome = await Bare.run(
            ["--profile", "work", "config", "--json"], environment: ["XDG_CONFIG_HOME": folder.path])
        #expect(outcome.output.contains(#"{"name":"user","value":"bob","source":"profile"}"#))
        #expect(outcome.output.contains(#"{"name":"profile","value":"work","source":"flag"}"#))
        #expect(
            outcome.output.hasPrefix(
                #"[{"name":"config_file","value":"\#(folder.path)/chatctl/config.toml","source":"environment"}"#))
        let unknown = await Bare.run(["--profile", "play", "config"], environment: ["XDG_CONFIG_HOME": folder.path])
        #expect(unknown.status == 78 && unknown.error.contains("hint: the profiles there are work"))
    }

    @Test func `a server of a profile is not meant for serve and migrate`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("[profile.work]\nserver = \"http://127.0.0.1:1\"\n", to: "chatctl/config.toml")
        let outcome = await Bare.run(
            ["--profile", "work", "migrate", "--database", "sqlite:\(folder.path)/chat.db", "-q"],
            environment: ["XDG_CONFIG_HOME": folder.path])
        #expect(outcome.status == 0, "\(outcome.error)")
    }

    @Test(arguments: ["database = ", "[[[", "user = 3\nuser = 4", "database = 'mysql://x'\nnonsense"])
    func `a broken file ends any command with 78`(text: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "chatctl/config.toml")
        let outcome = await Bare.run(["room", "list"], environment: ["XDG_CONFIG_HOME": folder.path])
        #expect(outcome.status == 78 && outcome.output.isEmpty && outcome.error.contains("config.toml: line "))
    }
}
