import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct HelpTopicTests {
    @Test(arguments: HelpTopic.allCases)
    func `a topic is what it was`(topic: HelpTopic) async throws {
        let outcome = await Bare.run(["help", topic.rawValue])
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        try GoldenFiles.expect(outcome.output, in: "topics/\(topic.rawValue).txt")
        #expect(Chatctl.configuration.subcommands.allSatisfy { $0._commandName != topic.rawValue })
        #expect(await Bare.run([]).output.contains("chatctl help"))
        #expect(await Bare.run(["--help"]).output.contains("  \(topic.rawValue)  "))
    }

    @Test func `each exit status that an error can have is explained`() {
        let explained = Set(ExitStatus.meanings.map(\.code))
        for code in ErrorCode.allCases { #expect(explained.contains(code.exitStatus), "\(code)") }
        for (command, codes) in ExitStatus.ofCommands {
            #expect(CommandNode.commands.contains { $0.words.joined(separator: " ") == command }, "\(command)")
            for (code, _) in codes { #expect(explained.contains(code), "\(command): \(code)") }
        }
    }

    @Test func `a mistyped topic is answered with the nearest`() async {
        let outcome = await Bare.run(["help", "exit-code"])
        #expect(outcome.status == 64)
        #expect(
            outcome.error == """
                chatctl: arguments: 'chatctl exit-code': no such command or topic
                hint: did you mean 'chatctl help exit-codes'? 'chatctl --help' lists the commands

                """)
    }

    /// What `chatctl` alone says one should try is tried, on a new installation.
    @Test func `the first steps work`() async throws {
        let folder = try TemporaryFolder()
        let steps = HelpText.firstSteps.split(separator: "\n").filter { $0.hasPrefix("  chatctl ") }
            .map { Transcript.parse(String($0.dropFirst("  chatctl ".count))).arguments }
        let commands = steps.filter { !["help", "serve"].contains($0[0]) }
        try #require(commands.count == 3)
        var last = ""
        for words in commands {
            let outcome = await Bare.run(
                words, environment: ["XDG_DATA_HOME": .init(folder.path), "HOME": .init(folder.path)])
            #expect(outcome.status == 0, "\(words): \(outcome.error)")
            last = outcome.output
        }
        #expect(last.hasSuffix("#general 1 alice: hello\n"))
        #expect(await Bare.run([]).output == HelpText.firstSteps + "\n")
    }
}
