import ChatCore
import Testing

@testable import ChatCommands

@Suite struct CommandPathTests {
    @Test func `the words of a command are those before its arguments`() {
        let path = CommandPath(["room", "create", "list"])
        #expect(path.words == ["room", "create"] && path.unknown == nil && path.command == RoomCreate.self)
        #expect(CommandPath([]).words == [] && CommandPath([]).unknown == nil)
    }

    @Test(arguments: [["nonsense"], ["room", "nonsense"], ["help", "room"]])
    func `a word in a group that names none of its commands is unknown`(words: [String]) {
        #expect(CommandPath(words).unknown == words.first { !["room"].contains($0) })
    }

    @Test(arguments: [["--json"], ["room", "--json", "list"], ["send", "nonsense"]])
    func `options and the arguments of a command are not`(words: [String]) {
        #expect(CommandPath(words).unknown == nil)
    }

    @Test(arguments: [
        (["usr"], "did you mean 'chatctl user'?"), (["room", "lsit"], "did you mean 'chatctl room list'?"),
        (["user", "revoke"], "did you mean 'chatctl user revoke-token'?"), (["xyzzy"], "'chatctl --help' lists"),
    ])
    func `a mistyped command is answered with the nearest one`(words: [String], hint: String) {
        #expect {
            try CommandPath(words).requireKnown()
        } throws: { error in
            let error = error as? ChatError
            return error?.code == .usage && error?.hint?.hasPrefix(hint) == true
        }
    }
}
