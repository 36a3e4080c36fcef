import ChatTestKit
import Foundation
import Testing

@testable import ChatCommands

@Suite struct CompletionTests {
    /// No test is about how fast the machine is.
    private static let patient: Environment = ["HOME": "/home/alice", "CHATCTL_COMPLETION_TIMEOUT": "20s"]

    @Test func `names of rooms, users, tokens and profiles are looked up`() async throws {
        try await withInstallation { installation async throws in
            #expect(
                await installation.run(["__complete", "tail", ""], environment: Self.patient).output
                    == "words\ngeneral\tpublic\nred\tprivate\n")
            #expect(
                await installation.run(["__complete", "tail", "r"], environment: Self.patient).output
                    == "words\nred\tprivate\n")
            #expect(
                await installation.run(["__complete", "user", "show", "a"], environment: Self.patient).output
                    == "words\nalice\tuser\n")
            #expect(
                await installation.run(["__complete", "user", "revoke-token", "bob", ""], environment: Self.patient)
                    .output == "words\n1\tlaptop\n"
            )
            #expect(
                await installation.run(["__complete", "audit", "--target=r"], environment: Self.patient).output
                    == "words\n--target=red\tprivate\n--target=root\tadmin\n")
            let folder = installation.folder.path
            try FileManager.default.createDirectory(atPath: "\(folder)/chatctl", withIntermediateDirectories: true)
            try Data("[profile.work]\nuser = \"bob\"\n".utf8).write(to: URL(filePath: "\(folder)/chatctl/config.toml"))
            let environment: Environment = ["XDG_CONFIG_HOME": .init(folder), "CHATCTL_COMPLETION_TIMEOUT": "20s"]
            #expect(
                await installation.run(["__complete", "--profile", ""], environment: environment).output
                    == "words\nwork\t\n")
        }
    }

    @Test func `nothing is made, said or failed where there is no database`() async throws {
        let folder = try TemporaryFolder()
        let environment: Environment = ["XDG_DATA_HOME": "\(folder.path)/data", "HOME": "\(folder.path)"]
        let outcome = await Bare.run(["__complete", "tail", ""], environment: environment)
        #expect(outcome == Outcome(status: 0, output: "words\n", error: ""))
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/data"))
    }

    @Test(arguments: [
        ["tail", "--server", "http://127.0.0.1:1", ""], ["--database", "nonsense", "tail", ""],
        ["--profile", "nowhere", "tail", ""], ["--server", "::", "user", "show", ""],
    ])
    func `settings that lead nowhere are passed over`(words: [String]) async {
        let outcome = await Bare.run(["__complete"] + words, environment: ["HOME": "/nowhere", "CHATCTL_TOKEN": "x"])
        #expect(outcome == Outcome(status: 0, output: "words\n", error: ""))
    }

    @Test func `what takes too long is not waited for`() async {
        let gate = AsyncStream<Void>.makeStream()
        let late = await InTime.first(within: .milliseconds(1)) {
            for await _ in gate.stream {}
            return 1
        }
        #expect(late == nil)
        #expect(await InTime.first(within: .seconds(60)) { 1 } == 1)
    }

    @Test func `only settings before the cursor say where to look`() {
        #expect(
            LiveNames.settings(in: ["--server", "x", "tail", "--as=bob", "--count", "1", ""])
                == ["--server", "x", "--as=bob"])
        #expect(LiveNames.settings(in: ["tail", "--as", "b"]) == [])
        #expect(LiveNames.settings(in: ["run", "--", "--server", "x", ""]) == [])
    }

    @Test(
        arguments: [
            ("", nil), ("b", "azzz"), ("a", "9zzz"), ("0", nil), ("al", "akzz"), ("a-", "a"), ("a.", "a-zz"),
            ("A", nil),
        ] as [(String, String?)])
    func `a long list is read from before the first name that fits`(start: String, expected: String?) {
        #expect(LiveNames.name(before: start, longest: 4) == expected)
    }

    @Test func `a shell without a script is refused`() async {
        for arguments in [["--generate-completion-script"], ["--generate-completion-script", "sh"]] {
            let outcome = await Bare.run(arguments)
            #expect(outcome.status == 64 && outcome.error.contains("bash, zsh, fish"))
        }
    }
}
