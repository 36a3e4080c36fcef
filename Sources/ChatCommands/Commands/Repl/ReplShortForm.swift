/// A command of the REPL itself, as its help lists it.
struct ReplShortForm: Sendable {
    let name: String
    let arguments: String
    let purpose: String

    private init(_ name: String, _ arguments: String, _ purpose: String) {
        (self.name, self.arguments, self.purpose) = (name, arguments, purpose)
    }

    static let all = [
        ReplShortForm("join", "ROOM", "follow a room and make it the current one"),
        ReplShortForm("leave", "[ROOM]", "stop following a room"),
        ReplShortForm("switch", "ROOM", "make a room the current one"),
        ReplShortForm("dm", "USER [TEXT]", "go to the direct room with a user"),
        ReplShortForm("rooms", "", "list the rooms"),
        ReplShortForm("who", "[ROOM]", "show who is online"),
        ReplShortForm("history", "[N]", "show the last messages of the room"),
        ReplShortForm("search", "TEXT", "find messages"),
        ReplShortForm("say", "TEXT", "post a text, whatever it begins with"),
        ReplShortForm("edit", "[SEQ] TEXT", "change a message of yours, the last one without SEQ"),
        ReplShortForm("delete", "SEQ…", "delete messages"),
        ReplShortForm("topic", "[TEXT]", "show or set the topic of the room"),
        ReplShortForm("members", "", "list the members of the room"),
        ReplShortForm("invite", "USER…", "make users members of the room"),
        ReplShortForm("kick", "USER", "remove a user from the room"),
        ReplShortForm("ban", "USER [--for 1h]", "ban a user from the room"),
        ReplShortForm("mute", "USER [--for 10m]", "let a user read only"),
        ReplShortForm("as", "USER [TOKENFILE]", "speak as another user; over a server with a token"),
        ReplShortForm("expect", "REGEX [TIMEOUT]", "wait for a line that matches"),
        ReplShortForm("expect-not", "REGEX DURATION", "fail if a line matches"),
        ReplShortForm("sleep", "DURATION", "wait"),
        ReplShortForm("set", "NAME VALUE", "set a variable, for $NAME in later lines"),
        ReplShortForm("notices", "[on|off]", "show who comes, goes and types"),
        ReplShortForm("timing", "[on|off]", "show how long each line takes"),
        ReplShortForm("json", "[on|off]", "let commands print JSON"),
        ReplShortForm("raw", "[on|off]", "show messages as JSON"),
        ReplShortForm("save", "FILE", "write the session so far as a script"),
        ReplShortForm("help", "[COMMAND]", "show this, or the help of a command"),
        ReplShortForm("quit", "", "leave"),
    ]

    static let names = all.map(\.name)

    /// The lines of `/help`.
    static var help: [String] {
        let rows = all.map { ("/\($0.name) \($0.arguments)", $0.purpose) }
        let width = rows.map(\.0.count).max() ?? 0
        return ["A text is posted to the current room; '//text' posts '/text'."]
            + rows.map { "  " + $0 + String(repeating: " ", count: width - $0.count) + "  " + $1 }
            + ["Any command of chatctl works with a '/' before it, such as '/room list --kind private'."]
    }
}
