import ChatTestKit
import Testing

@testable import ChatCommands

/// The help of each command and group, as it is.
@Suite struct HelpGoldenTests {
    @Test(arguments: CommandNode.all)
    func `the help is what it was`(node: CommandNode) async throws {
        let outcome = await Bare.run(node.words + ["--help"])
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        // The parser wraps everything but the usage.
        #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE") })
        try GoldenFiles.expect(outcome.output, in: "help/\(node.file).txt")
    }

    @Test func `no file is left of a command that is gone`() throws {
        #expect(try GoldenFiles.names(in: "help") == Set(CommandNode.all.map { "\($0.file).txt" }))
    }

    @Test func `a group alone, 'help' and '-h' show the same`() async {
        let help = await Bare.run(["room", "--help"])
        for arguments in [["room"], ["help", "room"], ["room", "-h"]] {
            #expect(await Bare.run(arguments) == help)
        }
        #expect(await Bare.run(["help"]) == (await Bare.run(["--help"])))
    }

    @Test func `the help is as wide as the terminal`() async {
        let output = BufferOutput(isTerminal: true, width: 50)
        _ = await Bare.run(["tail", "--help"], output: output)
        // An example is to be copied, so it stands in one line.
        let lines = output.lines.prefix { $0 != "EXAMPLES:" }
        #expect(lines.allSatisfy { $0.count <= 50 || $0.hasPrefix("USAGE") } && lines.contains { $0.count > 40 })
    }

    @Test func `a command shows its own options, then examples, and the global ones stand in one place`() async throws {
        let root = await Bare.run(["--help"]).output
        #expect(CommandNode.commands.allSatisfy { $0.words.count > 1 || root.contains("\n  \($0.words[0])  ") })
        for node in CommandNode.commands {
            let help = await Bare.run(node.words + ["--help"]).output
            #expect(!help.contains("GLOBAL OPTIONS") && !help.contains("--token-file"), "\(node)")
            let options = try #require(help.range(of: "OPTIONS:"), "\(node)")
            let examples = try #require(help.range(of: "EXAMPLES:"), "\(node)")
            #expect(options.lowerBound < examples.lowerBound, "\(node)")
        }
        #expect(!root.contains("--token-file"))
        let place = await Bare.run(["help", "options"]).output
        #expect(place.contains("GLOBAL OPTIONS") && place.contains("--token-file"))
    }

    @Test func `each example is a command line that the parser takes`() throws {
        #expect(Set(Examples.all.keys) == Set(CommandNode.commands.map { $0.words.joined(separator: " ") }))
        for (command, lines) in Examples.all {
            for line in lines {
                let start = try #require(line.range(of: "chatctl "))
                let words = Transcript.parse(String(line[start.upperBound...].prefix { $0 != "<" })).arguments
                #expect(words.joined(separator: " ").hasPrefix(command), "\(line)")
                #expect(throws: Never.self, "\(line)") { _ = try Chatctl.parseAsRoot(words) }
            }
        }
    }

    @Test func `the version and the completion scripts are results`() async {
        #expect(await Bare.run(["--version"]) == Outcome(status: 0, output: "0.1.0\n", error: ""))
        for shell in ["bash", "zsh", "fish"] {
            let outcome = await Bare.run(["--generate-completion-script", shell])
            #expect(outcome.status == 0 && outcome.output.contains("chatctl") && outcome.error.isEmpty)
            #expect(await Bare.run(["--generate-completion-script=\(shell)"]) == outcome)
        }
    }

    @Test func `help names no types of the program`() async {
        for node in CommandNode.all {
            let help = await Bare.run(node.words + ["--help"]).output
            #expect(help.firstMatch(of: /[A-Z][a-z]+[A-Z]\w*\(|\w+\(value:|Optional/) == nil, "\(node)")
        }
    }
}
