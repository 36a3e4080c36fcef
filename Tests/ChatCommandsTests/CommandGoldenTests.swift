import Foundation
import Testing

@testable import ChatCommands

/// What each command prints as text and as JSON: transcripts that are files. Each command has a database of its own
/// with the same content, so that one more message here changes one file.
@Suite struct CommandGoldenTests {
    @Test(arguments: Transcripts.all)
    func `a command prints what it printed`(transcript: Transcript) async throws {
        let text = try await withInstallation { try await transcript.run(on: $0) }
        try GoldenFiles.expect(text, in: "commands/\(transcript.file)")
    }

    @Test func `each command has its transcript`() throws {
        let commands = Set(CommandNode.commands.map(\.file))
        let named = Transcripts.all.map(\.command)
        #expect(Set(named).count == named.count)
        let others = Transcripts.needsProcess.union(Transcripts.needsServer)
        #expect(Set(named).intersection(others).isEmpty)
        #expect(Set(named).union(others) == commands)
        #expect(try GoldenFiles.names(in: "server") == Set(Transcripts.needsServer.map { "\($0).txt" }))
        #expect(try GoldenFiles.names(in: "commands") == Set(Transcripts.all.map(\.file)))
    }
}

/// Command lines of one command, run one after the other.
struct Transcript: Sendable, CustomTestStringConvertible {
    let command: String
    let steps: [String]

    var file: String { "\(command).txt" }
    var testDescription: String { command }

    init(_ command: String, _ steps: String...) {
        self.command = command
        self.steps = steps
    }

    /// What a terminal would show: `$` before a command, `!` before a line of standard error, a status that is not 0.
    func run(on installation: Installation) async throws -> String {
        var text = ""
        for step in steps {
            text += "$ chatctl \(step)\n"
            let (words, input) = Self.parse(step)
            let arguments = words.map { $0.replacing("FOLDER", with: installation.folder.path) }
            let environment = installation.environment
            let outcome = await installation.run(arguments, input: input, environment: environment)
            text += outcome.output
            for line in outcome.error.split(separator: "\n") { text += "! \(line)\n" }
            if outcome.status != 0 { text += "=> \(outcome.status)\n" }
        }
        return Self.stable(text.replacing(installation.folder.path, with: "FOLDER"))
    }

    /// Words, some of them in quotes, and perhaps what is piped in, behind `<<<`, with `\n` for line ends.
    static func parse(_ step: String) -> (arguments: [String], input: String) {
        let parts = step.components(separatedBy: " <<< ")
        var (words, word, isQuoted, hasWord) = ([String](), "", false, false)
        for character in parts[0] {
            switch character {
            case "'":
                isQuoted.toggle()
                hasWord = true
            case " " where !isQuoted:
                if hasWord { words.append(word) }
                (word, hasWord) = ("", false)
            default:
                word.append(character)
                hasWord = true
            }
        }
        if hasWord { words.append(word) }
        let input = parts.count > 1 ? parts[1].replacing("\\n", with: "\n").replacing("\\r", with: "\r") : ""
        return (words, input)
    }

    /// Replaces what is random: the names of direct rooms and generated passwords; and the length of a database.
    private static func stable(_ text: String) -> String {
        text.replacing(/direct-[0-9a-z]+/, with: "direct-NAME")
            .replacing(/(wrote |"bytes":)[0-9]+/) { "\($0.output.1)N" }
            .replacing(/(password: |"password":")[A-Za-z0-9]{20}/) { "\($0.output.1)PASSWORD" }
    }
}

extension Installation {
    /// With it `migrate` finds a database that is not there yet.
    fileprivate var environment: Environment {
        ["HOME": "/home/alice", "CHATCTL_DATABASE": "sqlite:\(folder.path)/new.db"]
    }
}
