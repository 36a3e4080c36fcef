import ChatCore

/// Decides what a line means. It knows where the line was typed, and asks nobody.
struct ReplParser: Sendable {
    /// The current room.
    var room: RoomName?
    var variables: [String: String] = [:]
    /// In a script a line that begins with `#` is a comment.
    var isScript = false

    /// - Throws: `usage` for a command that does not exist or lacks something, `invalidInput` for a name that cannot be one.
    func action(of line: String) throws(ChatError) -> ReplAction {
        let text = Substring(line).trimmingBlanks
        if text.isEmpty || isScript && text.first == "#" { return .nothing }
        guard text.first == "/" else { return .post(try ReplWords.expanded(line, variables)) }
        if text.hasPrefix("//") { return .post(try ReplWords.expanded(String(text.dropFirst()), variables)) }
        let name = text.dropFirst().prefix { !$0.isWhitespace }
        let behind = text[name.endIndex...].trimmingBlanks
        // What is text for people needs no quotes, so an apostrophe in it is none.
        if let action = try textual(String(name), behind) { return action }
        let words = try ReplWords.split(text.dropFirst(), variables)
        guard let first = words.first else { throw Self.unknown("") }
        // '/invite' is short for one thing, and '/invite create' a command.
        let path = CommandPath(words)
        if path.words.count < 2, let action = try short(first, Array(words.dropFirst())) { return action }
        guard !path.words.isEmpty || first == "--version" else { throw Self.unknown(first) }
        return .command(words)
    }

    // MARK: Forms with a text

    private func textual(_ name: String, _ behind: Substring) throws(ChatError) -> ReplAction? {
        switch name {
        case "say": return .post(try text(behind, of: "say TEXT"))
        case "topic":
            let room = try currentRoom().text
            return .command(behind.isEmpty ? ["room", "show", room] : ["room", "topic", room, "--", try text(behind)])
        case "search": return .command(["message", "search", "--", try text(behind, of: "search TEXT")])
        case "edit": return try edit(behind)
        case "dm":
            let user = behind.prefix { !$0.isWhitespace }
            let rest = behind[user.endIndex...].trimmingBlanks
            guard !user.isEmpty else { throw Self.usage("dm USER [TEXT]") }
            return .direct(
                try Self.user(ReplWords.expanded(String(user), variables)), try rest.isEmpty ? nil : text(rest))
        default: return nil
        }
    }

    private func edit(_ behind: Substring) throws(ChatError) -> ReplAction {
        let first = behind.prefix { !$0.isWhitespace }
        let rest = behind[first.endIndex...].trimmingBlanks
        if !rest.isEmpty, let seq = Int64(try ReplWords.expanded(String(first), variables)) {
            return .edit(seq, try text(rest))
        }
        return .edit(nil, try text(behind, of: "edit [SEQ] TEXT"))
    }

    /// The rest of a line as it is; without its quotes where it stands in quotes as a whole.
    private func text(_ rest: Substring, of form: String? = nil) throws(ChatError) -> String {
        if let form, rest.isEmpty { throw Self.usage(form) }
        if let quote = rest.first, quote == "'" || quote == "\"", rest.last == quote,
            let words = try? ReplWords.split(rest, variables), words.count == 1
        {
            return words[0]
        }
        return try ReplWords.expanded(String(rest), variables)
    }

    // MARK: Short forms

    private func short(_ name: String, _ words: [String]) throws(ChatError) -> ReplAction? {
        if let toggle = ReplToggle(rawValue: name) { return try self.toggle(toggle, words) }
        switch name {
        case "join": return .join(try Self.room(try Self.only(words, "join ROOM")))
        case "switch": return .changeRoom(try Self.room(try Self.only(words, "switch ROOM")))
        case "leave": return .leave(try words.first.map { word throws(ChatError) in try Self.room(word) })
        case "as": return try speaker(words)
        case "quit", "exit": return .quit
        case "help": return .help(words)
        case "save": return .save(try Self.only(words, "save FILE"))
        case "expect", "expect-not", "sleep", "set": return try scripted(name, words)
        default: return try inRoom(name, words).map { .command($0) }
        }
    }

    private func scripted(_ name: String, _ words: [String]) throws(ChatError) -> ReplAction {
        switch name {
        case "expect": return try expect(words)
        case "expect-not":
            guard words.count > 1, let duration = words.last.flatMap({ Duration(chatText: $0) }) else {
                throw Self.usage("expect-not REGEX DURATION")
            }
            return .expectNot(words.dropLast().joined(separator: " "), during: duration)
        case "sleep":
            guard words.count == 1, let duration = Duration(chatText: words[0]) else {
                throw Self.usage("sleep DURATION")
            }
            return .sleep(duration)
        default:
            guard let name = words.first else { return .listVariables }
            guard words.count > 1, ReplWords.isName(name) else { throw Self.usage("set NAME VALUE") }
            return .set(name, to: words.dropFirst().joined(separator: " "))
        }
    }

    /// A pattern without quotes may have spaces; the last word is the time limit if it reads as one.
    private func expect(_ words: [String]) throws(ChatError) -> ReplAction {
        let limit = words.count > 1 ? words.last.flatMap { Duration(chatText: $0) } : nil
        let pattern = (limit == nil ? words[...] : words.dropLast()).joined(separator: " ")
        guard !pattern.isEmpty else { throw Self.usage("expect REGEX [TIMEOUT]") }
        return .expect(pattern, within: limit)
    }

    private func toggle(_ toggle: ReplToggle, _ words: [String]) throws(ChatError) -> ReplAction {
        switch words {
        case []: return .toggle(toggle, nil)
        case ["on"]: return .toggle(toggle, true)
        case ["off"]: return .toggle(toggle, false)
        default: throw Self.usage("\(toggle.rawValue) [on|off]")
        }
    }

    private func speaker(_ words: [String]) throws(ChatError) -> ReplAction {
        guard (1...2).contains(words.count) else { throw Self.usage("as USER [TOKENFILE]") }
        return .speak(try Self.user(words[0]), tokenFile: words.count > 1 ? words[1] : nil)
    }

    /// What is short for a command in the current room; nil for what is no short form.
    private func inRoom(_ name: String, _ words: [String]) throws(ChatError) -> [String]? {
        func users(_ form: String) throws(ChatError) -> [String] {
            guard let first = words.first else { throw Self.usage(form) }
            return [Self.bare(first, "@")] + words.dropFirst()
        }
        switch name {
        case "rooms": return ["room", "list"] + words
        case "who": return ["presence", try words.isEmpty ? currentRoom().text : Self.bare(words[0], "#")]
        case "history":
            guard let count = Int(words.first ?? "20"), count > 0 else { throw Self.usage("history [N]") }
            return ["tail", try currentRoom().text, "-n", String(count)]
        case "members": return ["room", "members", try currentRoom().text]
        case "delete":
            guard !words.isEmpty else { throw Self.usage("delete SEQ…") }
            return ["message", "delete", try currentRoom().text] + words
        case "invite":
            let added = try users("invite USER…").flatMap { ["--add", Self.bare($0, "@")] }
            return ["room", "members", try currentRoom().text] + added
        case "kick", "ban", "mute": return ["room", name, try currentRoom().text] + (try users("\(name) USER"))
        default: return nil
        }
    }

    private func currentRoom() throws(ChatError) -> RoomName {
        guard let room else { throw .noCurrentRoom }
        return room
    }

    // MARK: Words

    private static func room(_ word: String) throws(ChatError) -> RoomName { try RoomName(bare(word, "#")) }

    private static func user(_ word: String) throws(ChatError) -> Username { try Username(bare(word, "@")) }

    /// A name without the mark that people write before it.
    private static func bare(_ word: String, _ mark: Character) -> String {
        word.first == mark ? String(word.dropFirst()) : word
    }

    private static func only(_ words: [String], _ form: String) throws(ChatError) -> String {
        guard words.count == 1 else { throw usage(form) }
        return words[0]
    }

    private static func usage(_ form: String) -> ChatError {
        ChatError(.usage, "arguments: write '/\(form)'", hint: "'/help' lists the commands")
    }

    private static func unknown(_ word: String) -> ChatError {
        let known = ReplShortForm.names + Chatctl.configuration.subcommands.map { $0._commandName }
        let nearest = Nearest.word(to: word, among: known).map { "did you mean '/\($0)'? " } ?? ""
        return ChatError(
            .usage, "arguments: '/\(word)': no such command",
            hint: "\(nearest)'/help' lists the commands; '//\(word)' posts the text")
    }
}

extension ChatError {
    static var noCurrentRoom: ChatError {
        ChatError(.usage, "no current room", hint: "go to one with '/join ROOM'")
    }
}
