import Testing

@testable import ChatCommands

@Suite struct CompletionPlanTests {
    /// The words of a line; what stands behind its last space is being typed.
    private func plan(_ line: String) -> CompletionPlan {
        CompletionPlan(line.split(separator: " ", omittingEmptySubsequences: false).map(String.init))
    }

    private func words(_ line: String) -> [String] {
        guard case .words(let candidates) = plan(line).source else { return [] }
        return candidates.map(\.text)
    }

    @Test func `commands come with what they do`() throws {
        guard case .words(let candidates) = plan("").source else {
            Issue.record("no words")
            return
        }
        let send = try #require(candidates.first { $0.text == "send" })
        #expect(send.help == "Post a message.")
        let commands = Set(CommandNode.all.filter { $0.words.count == 1 }.map { $0.words[0] })
        #expect(Set(candidates.map(\.text)) == commands.union(["help"]))
        #expect(words("room ").contains("create") && !words("room ").contains("send"))
    }

    @Test(arguments: ["--json ", "--as alice ", "--server http://127.0.0.1:1 -q "])
    func `global options before the command change nothing`(front: String) {
        #expect(words(front) == words(""))
        #expect(plan("\(front)tail ").source == .names(.rooms, user: nil))
    }

    @Test func `a command's own options come first, and those that were given no more`() {
        let all = words("tail general -")
        #expect(all.firstIndex(of: "--follow") ?? 99 < all.firstIndex(of: "--server") ?? 0)
        #expect(all.contains("-n") && all.contains("--help"))
        #expect(!words("tail general --follow --server x -").contains("--follow"))
        #expect(!words("tail general --count=3 -").contains("--count"))
        #expect(words("room create x --member bob --").contains("--member"))
        #expect(!words("serve --").contains("--throw-away"))
    }

    @Test(
        arguments: [
            ("tail ", .names(.rooms, user: nil)), ("tail general pl", .names(.rooms, user: nil)),
            ("send ", .names(.rooms, user: nil)), ("send general ", .nothing),
            ("room kick x ", .names(.users, user: nil)),
            ("room kick x bob ", .nothing), ("user show alice ", .names(.users, user: nil)),
            ("user revoke-token bob ", .names(.tokens, user: "bob")), ("send general --as ", .names(.users, user: nil)),
            ("--as ", .names(.users, user: nil)), ("--profile ", .names(.profiles, user: nil)),
            ("user create ", .nothing), ("room create ", .nothing), ("backup ", .files(extensions: [])),
            ("tail general --cursor ", .files(extensions: [])), ("tail general --count ", .nothing),
            ("tail general -n ", .nothing), ("tail general -fn ", .nothing),
            ("audit --target ", .names(.roomsAndUsers, user: nil)), ("nonsense ", .nothing),
            ("room nonsense ", .nothing),
            ("run -- ", .command(at: 3)), ("run --json -- ls -", .command(at: 4)), ("run ", .nothing),
            ("room show -- -", .names(.rooms, user: nil)),
        ] as [(String, CompletionPlan.Source)])
    func `an argument is completed by what it means`(line: String, source: CompletionPlan.Source) {
        #expect(plan(line).source == source)
    }

    @Test func `values of a closed list are its values`() {
        #expect(words("room list --kind ") == ["public", "private", "direct"])
        #expect(words("user role bob ") == ["admin", "user"])
        #expect(words("--color ") == ["auto", "always", "never"])
    }

    @Test func `a value behind an equals sign keeps the option before it`() {
        let plan = plan("room list --kind=pri")
        #expect(plan.typed == "pri" && plan.front == "--kind=")
        #expect(words("room list --kind=pri") == ["public", "private", "direct"])
        #expect(self.plan("tail --json=").source == .nothing)
    }

    @Test func `help is followed by commands and topics`() {
        #expect(words("help ").contains("exit-codes") && words("help ").contains("room"))
        #expect(words("help room ").contains("kick") && !words("help room ").contains("exit-codes"))
        #expect(plan("help nonsense ").source == .nothing)
    }

    /// What nobody annotated would complete nothing, silently.
    @Test func `each argument that means a room, a user or a file is completed`() {
        for node in CommandNode.commands {
            for argument in CommandShape(of: CommandPath(node.words).command).arguments where argument.shouldDisplay {
                let text = (argument.abstract ?? "").lowercased()
                let isNew = ["room create", "user create"].contains(node.words.joined(separator: " "))
                let means =
                    text.hasPrefix("name of the room") || text.hasPrefix("username")
                    || text.hasPrefix("names of the room")
                if means, argument.kind == .positional, !isNew {
                    #expect(argument.completionKind?.shellCommand != nil, "\(node.testDescription): \(text)")
                }
            }
        }
    }
}
