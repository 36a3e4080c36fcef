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

    @Test(arguments: ["database = ", "[[[", "user = 3\nuser = 4", "database = 'mysql://x'\nnonsense"])
    func `a broken file ends any command with 78`(text: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "chatctl/config.toml")
        let outcome = await Bare.run(["room", "list"], environment: ["XDG_CONFIG_HOME": folder.path])
        #expect(outcome.status == 78 && outcome.output.isEmpty && outcome.error.contains("config.toml: line "))
    }
}
