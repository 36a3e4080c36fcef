import ChatCore
import Testing

@testable import ChatCommands

@Suite struct ReplParserTests {
    private static let plans = RoomName(stored: "plans")

    private func action(
        _ line: String, in room: RoomName? = plans, _ variables: [String: String] = [:], isScript: Bool = false
    ) throws -> ReplAction {
        try ReplParser(room: room, variables: variables, isScript: isScript).action(of: line)
    }

    @Test func `a text is posted as it is`() throws {
        #expect(try action("it's \"so\" \\d") == .post("it's \"so\" \\d"))
        #expect(try action("//not a command") == .post("/not a command"))
        #expect(try action("  two  spaces ") == .post("  two  spaces "))
        #expect(try action("deploy $N of $M", ["N": "7"]) == .post("deploy 7 of $M"))
        #expect(try action("/say '/quit'") == .post("/quit"))
        #expect(try action("/say it's /quit") == .post("it's /quit"))
    }

    @Test func `nothing is done for an empty line, and for a comment in a script`() throws {
        #expect(try action(" \t") == .nothing)
        #expect(try action("# a comment", isScript: true) == .nothing)
        #expect(try action("# no comment") == .post("# no comment"))
    }

    @Test(
        arguments: [
            ("/rooms", ["room", "list"]), ("/rooms --kind private", ["room", "list", "--kind", "private"]),
            ("/who", ["presence", "plans"]), ("/who #general", ["presence", "general"]),
            ("/history", ["tail", "plans", "-n", "20"]), ("/history 3", ["tail", "plans", "-n", "3"]),
            ("/topic", ["room", "show", "plans"]), ("/topic it's -new", ["room", "topic", "plans", "--", "it's -new"]),
            ("/topic ''", ["room", "topic", "plans", "--", ""]), ("/members", ["room", "members", "plans"]),
            ("/invite @carol dave", ["room", "members", "plans", "--add", "carol", "--add", "dave"]),
            ("/kick @eve", ["room", "kick", "plans", "eve"]),
            (
                "/ban eve --for 1h --reason 'sells watches'",
                ["room", "ban", "plans", "eve", "--for", "1h", "--reason", "sells watches"]
            ),
            ("/mute eve", ["room", "mute", "plans", "eve"]), ("/delete 4 5", ["message", "delete", "plans", "4", "5"]),
            ("/search it's", ["message", "search", "--", "it's"]),
            ("/room members plans --add carol", ["room", "members", "plans", "--add", "carol"]),
            ("/send general 'two words'", ["send", "general", "two words"]), ("/whoami", ["whoami"]),
            ("/--version", ["--version"]),
        ])
    func `short forms and commands become command lines`(line: String, words: [String]) throws {
        #expect(try action(line) == .command(words))
    }

    @Test func `a session has commands of its own`() throws {
        let (bob, general) = (Username(stored: "bob"), RoomName(stored: "general"))
        #expect(try action("/join #General") == .join(general))
        #expect(try action("/switch general") == .changeRoom(general))
        #expect(try action("/leave") == .leave(nil))
        #expect(try action("/leave general") == .leave(general))
        #expect(try action("/dm @bob") == .direct(bob, nil))
        #expect(try action("/dm bob it's me") == .direct(bob, "it's me"))
        #expect(try action("/as bob") == .speak(bob, tokenFile: nil))
        #expect(try action("/as bob './a token'") == .speak(bob, tokenFile: "./a token"))
        #expect(try action("/edit 4 it's 5") == .edit(4, "it's 5"))
        #expect(try action("/edit $SEQ better", ["SEQ": "9"]) == .edit(9, "better"))
        #expect(try action("/edit better text") == .edit(nil, "better text"))
        #expect(try action("/timing") == .toggle(.timing, nil))
        #expect(try action("/json on") == .toggle(.json, true))
        #expect(try action("/save a.chat") == .save("a.chat"))
        #expect(try action("/help room") == .help(["room"]))
        #expect(try action("/quit") == .quit)
    }

    @Test func `expectations have a pattern and a time`() throws {
        #expect(try action("/expect 'alice: (hi|ho)$' 5s") == .expect("alice: (hi|ho)$", within: .seconds(5)))
        #expect(try action("/expect alice: hi 1m30s") == .expect("alice: hi", within: .seconds(90)))
        #expect(try action("/expect 5s") == .expect("5s", within: nil))
        #expect(try action(#"/expect \d+"#) == .expect(#"\d+"#, within: nil))
        #expect(try action("/expect-not eve 500ms") == .expectNot("eve", during: .milliseconds(500)))
        #expect(try action("/sleep 10ms") == .sleep(.milliseconds(10)))
        #expect(try action("/set WHO 'a b' c") == .set("WHO", to: "a b c"))
        #expect(try action("/set") == .listVariables)
    }

    @Test(
        arguments: [
            "/nonsense", "/", "/join", "/join a b", "/expect", "/expect-not eve", "/sleep", "/sleep soon", "/set X",
            "/set 1 x", "/json maybe", "/kick", "/edit", "/dm", "/as", "/as a b c", "/history x", "/delete",
            "/search", "/say", "/save", "/room 'x",
        ])
    func `what lacks something is refused`(line: String) {
        #expect(performing: { try action(line) }, throws: { ($0 as? ChatError)?.code == .usage })
    }

    @Test(arguments: ["/who", "/kick eve", "/members", "/history", "/topic", "/delete 4", "/invite bob"])
    func `short forms for the current room need one`(line: String) {
        #expect(performing: { try action(line, in: nil) }, throws: { ($0 as? ChatError)?.message == "no current room" })
    }

    @Test func `a mistyped command is answered with the nearest one`() {
        for (line, word) in [("/jion plans", "'/join'"), ("/rom list", "'/room'")] {
            #expect { try action(line) } throws: { ($0 as? ChatError)?.hint?.contains(word) == true }
        }
    }

    @Test func `a name that cannot be one is invalid input`() {
        for line in ["/join a!", "/as 'a b'", "/dm -"] {
            #expect { try action(line) } throws: { ($0 as? ChatError)?.code == .invalidInput }
        }
    }
}
