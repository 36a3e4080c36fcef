import Testing

@testable import ChatCommands

@Suite struct ArgumentOrderTests {
    private func ordered(_ line: String) -> String {
        ArgumentOrder.globalsLast(line.split(separator: " ").map(String.init))
            .joined(separator: " ")
    }

    @Test(arguments: [
        ("--json room list", "room list --json"),
        ("--as alice send general hi", "send --as alice general hi"),
        ("--json --as alice -v send general hi --color never", "send --json --as alice -v general hi --color never"),
        ("--database sqlite:x user create bob", "user create --database sqlite:x bob"),
        ("--profile room room list", "room list --profile room"),
        ("--database=sqlite:x user list", "user list --database=sqlite:x"),
        ("-q bench fanout --clients 3", "bench fanout -q --clients 3"),
    ])
    func `leading options move behind the words of the command`(line: String, expected: String) {
        #expect(ordered(line) == expected)
    }

    @Test(arguments: [
        "", "room list --json", "send general --json", "--help", "-h", "--version",
        "--generate-completion-script bash", "--generate-completion-script=zsh", "-- room list",
    ])
    func `everything else stays as it is`(line: String) {
        #expect(ordered(line) == line)
    }

    @Test func `the value of an option may look like a command`() {
        #expect(ordered("--as room user list") == "user list --as room")
    }

    @Test func `an option without its value stays where the parser complains of it`() {
        #expect(ordered("--database") == "--database")
    }

    @Test func `a message with a command's name is no command`() {
        #expect(ordered("--json send room list") == "send --json room list")
    }

    @Test func `help takes no global option but the one that says how errors are told`() {
        #expect(ordered("--json --as bob help room") == "help room --json")
    }

    @Test func `a word that is no command stays in front`() {
        #expect(ordered("--json nonsense") == "nonsense --json")
    }

    @Test func `json is asked for before the two dashes only`() {
        #expect(ArgumentOrder.asksForJSON(["room", "list", "--json"]))
        #expect(!ArgumentOrder.asksForJSON(["send", "general", "--", "--json"]))
        #expect(!ArgumentOrder.asksForJSON([]))
    }
}
