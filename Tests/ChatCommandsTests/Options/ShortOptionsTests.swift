import Testing

@testable import ChatCommands

@Suite struct ShortOptionsTests {
    private func apart(_ line: String) -> String {
        let words = line.split(separator: " ").map(String.init)
        return ShortOptions.apart(words, of: CommandPath(words).command).joined(separator: " ")
    }

    @Test(arguments: [
        ("tail general -n1", "tail general -n 1"), ("tail general -fn1", "tail general -f -n 1"),
        ("tail -qfn20 general", "tail -qf -n 20 general"), ("tail -n0 general -- -n1", "tail -n 0 general -- -n1"),
        ("message search x -n5", "message search x -n 5"),
    ])
    func `an attached value is set apart`(line: String, expected: String) {
        #expect(apart(line) == expected)
    }

    @Test(arguments: [
        "tail general -n 1", "tail general -n=1", "tail -fq general", "tail general --count 1", "tail -xn1 general",
        "send general -nice", "send general -5", "tail -n", "tail -",
    ])
    func `everything else stays as it is`(line: String) {
        #expect(apart(line) == line)
    }

    /// What the parser alone would not understand.
    @Test func `each short option with a value takes it attached`() {
        for node in CommandNode.commands {
            let words = node.words + ["-n1"]
            let takes = ShortOptions.apart(words, of: CommandPath(words).command) != words
            #expect(takes == ["tail", "message-search", "audit"].contains(node.file), "\(node.testDescription)")
        }
    }
}
