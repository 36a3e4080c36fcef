import ChatCore
import ChatTestKit
import ChatWire
import Foundation
import Testing

@testable import ChatCommands

@Suite struct ProgramTests {
    @Test func `fifty command lines at once each get their own output`() async throws {
        try await withInstallation { installation async throws in
            let outcomes = await withTaskGroup(of: (Int, Outcome).self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let name = "room-\(number)"
                        // Some fail, some read, each with a name of its own.
                        let arguments =
                            switch number % 3 {
                            case 0: ["room", "create", name, "--topic", "Topic \(number)"]
                            case 1: ["--json", "room", "show", name]
                            default: ["send", "general", "message \(number)", "--as", "alice", "--json"]
                            }
                        return (number, await installation.run(arguments))
                    }
                }
                return await group.reduce(into: [Int: Outcome]()) { $0[$1.0] = $1.1 }
            }
            for (number, outcome) in outcomes {
                switch number % 3 {
                case 0:
                    #expect(outcome.status == 0 && outcome.error.isEmpty)
                    #expect(outcome.output.hasPrefix("room-\(number)  public\n  Topic \(number)\n"))
                case 1:
                    #expect(outcome.status == 66 && outcome.output.isEmpty)
                    #expect(outcome.error.contains("room room-\(number): no such room"))
                default:
                    #expect(outcome.status == 0 && outcome.output.contains("\"body\":\"message \(number)\""))
                }
            }
            #expect(outcomes.count == 50)
        }
    }

    @Test(arguments: [[], ["--json"]])
    func `results that cannot be written end a command with 74`(options: [String]) async throws {
        try await withInstallation { installation async throws in
            for command in [
                ["room", "list"], ["user", "show", "alice"], ["room", "topic", "red", "Hot"], ["config"],
            ] {
                let full = BufferOutput(capacity: 2)
                let outcome = await installation.run(command + options, output: full)
                #expect(outcome.status == 74 && outcome.error.contains("standard output: cannot be written"))
                #expect(outcome.error.contains("\"output_failed\"") == options.contains("--json"))
            }
        }
        #expect(await Bare.run(["--help"], output: BufferOutput(capacity: 2)).status == 74)
    }

    @Test func `a reader that has gone ends a command quietly`() async throws {
        try await withInstallation { installation async throws in
            let closed = BufferOutput(capacity: 10, end: .closedByReader)
            let outcome = await installation.run(["tail", "general"], output: closed)
            #expect(outcome.status == 0 && outcome.error.isEmpty && outcome.output.count == 10)
        }
    }

    @Test func `another error of a command whose reader has gone is told`() async throws {
        let closed = BufferOutput(capacity: 0, end: .closedByReader)
        try? closed.write([65])
        let outcome = await Bare.run(["room", "show", "no spaces"], output: closed)
        #expect(outcome.status == 65 && outcome.error.contains("no spaces"))
    }

    @Test func `verbose says what is used and how long it took`() async throws {
        try await withInstallation { installation async throws in
            let outcome = await installation.run(["-v", "room", "show", "red", "--json"])
            let lines = outcome.error.split(separator: "\n").map(String.init)
            try #require(lines.count == 3)
            #expect(lines[0] == "chatctl: configuration file /home/alice/.config/chatctl/config.toml (not there)")
            #expect(lines[1] == "chatctl: database of the tests")
            #expect(lines[2].wholeMatch(of: /chatctl: took \d+ ms/) != nil)
            #expect(await installation.run(["room", "show", "red", "--json"]).output == outcome.output)
            #expect(await installation.run(["-v", "-q", "room", "show", "red"]).error.isEmpty)
        }
    }

    @Test func `verbose names the place without its secrets, also where the work fails`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("user = \"alice\"\n", to: "chatctl/config.toml")
        let environment: Environment = [
            "XDG_CONFIG_HOME": folder.path, "CHATCTL_TOKEN": "very-secret",
            "CHATCTL_SERVER": "http://u:very-secret@127.0.0.1:1",
        ]
        let outcome = await Bare.run(["-v", "room", "list"], environment: environment)
        #expect(outcome.status != 0 && !outcome.error.contains("very-secret"))
        let lines = outcome.error.split(separator: "\n").map(String.init)
        #expect(lines.first == "chatctl: configuration file \(folder.path)/chatctl/config.toml")
        #expect(lines.contains { $0.wholeMatch(of: /chatctl: took \d+ ms/) != nil })
    }

    @Test func `a database that is named is opened and closed for each command`() async throws {
        let folder = try TemporaryFolder()
        let database = ["--database", "sqlite:\(folder.path)/a.db"]
        #expect(await Bare.run(database + ["migrate"]).status == 0)
        #expect(await Bare.run(database + ["user", "create", "carol"]).status == 0)
        let verbose = await Bare.run(database + ["-v", "user", "list"])
        #expect(
            verbose.output.contains("carol") && verbose.error.contains("chatctl: database sqlite:\(folder.path)/a.db\n")
        )
        let other = ["--database", "sqlite:\(folder.path)/b.db"]
        #expect(await Bare.run(other + ["migrate"]).status == 0)
        #expect(await Bare.run(other + ["user", "list", "--json"]).output == "[]\n")
    }

    @Test func `the database of the default place is made by the first command, which says so once`() async throws {
        let folder = try TemporaryFolder()
        let environment: Environment = ["HOME": folder.path]
        let first = await Bare.run(["room", "list", "--json"], environment: environment)
        let path = "\(folder.path)/.local/share/chatctl/chat.db"
        #expect(first.status == 0 && first.output.contains("\"name\":\"general\""))
        #expect(first.error == "chatctl: made the database \(path)\n")
        #expect(await Bare.run(["room", "list", "--json"], environment: environment).error.isEmpty)
    }

    @Test(arguments: [["--database", "sqlite:"], []])
    func `a database that was named is not made by the way`(option: [String]) async throws {
        let folder = try TemporaryFolder()
        let url = "sqlite:\(folder.path)/named.db"
        var environment = ["HOME": folder.path]
        if option.isEmpty { environment["CHATCTL_DATABASE"] = url }
        let arguments = option.isEmpty ? [] : ["--database", url]
        let outcome = await Bare.run(arguments + ["room", "list"], environment: Environment(environment))
        #expect(outcome.status == 78 && outcome.error.contains("chatctl migrate"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func `help for what is no command is a wrong usage`() async {
        for words in [["help", "nonsense"], ["help", "room", "nonsense"], ["--json", "help", "nonsense"]] {
            #expect(await Bare.run(words).status == 64)
        }
        #expect(await Bare.run(["help", "help"]).status == 0)
        #expect(await Bare.run(["help", "room", "list"]) == (await Bare.run(["room", "list", "--help"])))
    }

    @Test func `words that are not UTF-8 are refused`() throws {
        #expect(try Arguments.checked([Array("caf\u{e9}".utf8), []]) == ["café", ""])
        #expect {
            try Arguments.checked([Array("send".utf8), [0x63, 0x61, 0x66, 0xe9]])
        } throws: { error in
            let error = error as? ChatError
            return error?.code == .invalidInput && error?.message.contains("number 2") == true
        }
    }

    struct Refusal: Sendable {
        let arguments: [String]
        var environment: Environment = [:]
        let status: Int32
        let says: String
    }

    @Test(arguments: [
        Refusal(arguments: ["--database", "mongodb://127.0.0.1:1/chat"], status: 78, says: "mongodb"),
        Refusal(arguments: ["--database", "sqlite:/nowhere/at/all/chat.db"], status: 78, says: "migrate"),
        Refusal(arguments: ["--database", ""], status: 78, says: "--database"),
        Refusal(arguments: [], status: 78, says: "HOME"),
        Refusal(arguments: ["--redis", "http://a"], environment: ["HOME": "/nowhere"], status: 78, says: "redis"),
        Refusal(
            arguments: [], environment: ["HOME": "/home/a", "CHATCTL_DATABASE": "sqlite:/nowhere/x.db"], status: 78,
            says: "migrate"),
        Refusal(
            arguments: ["--server", "http://127.0.0.1:1"], environment: ["CHATCTL_TOKEN": "x"], status: 69,
            says: "127.0.0.1:1"),
        Refusal(arguments: ["--server", "http://127.0.0.1:1"], status: 77, says: "chatctl login"),
        Refusal(
            arguments: ["--server", "http://127.0.0.1:1", "--token-file", "/nowhere"], status: 78, says: "/nowhere"),
    ])
    func `a place that cannot be used is told apart by its status`(refusal: Refusal) async {
        let outcome = await Bare.run(refusal.arguments + ["room", "list"], environment: refusal.environment)
        #expect(outcome.status == refusal.status && outcome.output.isEmpty)
        #expect(outcome.error.hasPrefix("chatctl: ") && outcome.error.contains(refusal.says))
    }

    @Test func `help and version make no file and need no home`() async throws {
        let folder = try TemporaryFolder()
        for arguments in [["--version"], ["help"], ["send", "--help"], ["--generate-completion-script", "bash"]] {
            #expect(await Bare.run(arguments, environment: ["HOME": folder.path]).status == 0)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test(arguments: [
        ["--json", "--as", "alice", "send", "general", "hi"], ["send", "--json", "--as", "alice", "general", "hi"],
        ["send", "general", "hi", "--as", "alice", "--json"], ["--as", "alice", "send", "general", "hi", "--json"],
    ])
    func `global options stand before and behind the command`(arguments: [String]) async throws {
        let outcome = try await withInstallation { await $0.run(arguments) }
        #expect(outcome.status == 0 && outcome.output.contains("\"username\":\"alice\""))
    }

    @Test func `global options stand between the words of a command`() async throws {
        let outcome = try await withInstallation { await $0.run(["room", "--json", "list"]) }
        #expect(outcome.status == 0 && outcome.output.hasPrefix("[{"))
    }

    @Test func `the speaker may stand in the environment`() async throws {
        let outcome = try await withInstallation {
            await $0.run(["send", "general", "hi", "--json"], environment: ["CHATCTL_USER": "bob"])
        }
        #expect(outcome.output.contains("\"username\":\"bob\""))
    }
}
