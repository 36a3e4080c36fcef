import ArgumentParser

// One engine for all shells: a script passes on the words before the cursor, and this decides from the command tree what may
// stand there. The parser's own scripts were left: they list every command and option a second time, know no live names, and
// would have to be installed anew with each version.

/// What completes the last word of a command line.
struct CompletionPlan: Equatable, Sendable {
    /// A word, and what a shell may show beside it.
    struct Candidate: Equatable, Sendable {
        let text: String
        let help: String

        init(_ text: String, _ help: String = "") {
            self.text = text
            self.help = help
        }
    }

    enum Source: Equatable, Sendable {
        case nothing
        case words([Candidate])
        /// - Parameter user: whose tokens they are.
        case names(LiveName, user: String?)
        /// - Parameter extensions: without their dots; none for every file.
        case files(extensions: [String])
        case directories
        /// Another program's command line begins with this word, counted from the program's name.
        case command(at: Int)
    }

    private(set) var source = Source.nothing
    /// What was typed of the word.
    private(set) var typed: String
    /// What stands before it in the same word, such as `--kind=`.
    private(set) var front = ""

    /// - Parameter words: those behind the program's name up to the cursor; the last one is the one to complete.
    init(_ words: [String]) {
        typed = words.last ?? ""
        let before = Array(words.dropLast())
        if before.first == "help" {
            source = Self.helped(before.dropFirst())
        } else {
            find(behind: before, at: words.firstIndex(of: "--"))
        }
    }

    /// - Parameter terminator: where a `--` stands among the words.
    private mutating func find(behind before: [String], at terminator: Int?) {
        let ordered = ArgumentOrder.globalsLast(before)
        let path = CommandPath(ordered)
        let state = State(ordered.dropFirst(path.words.count), of: path.command)
        if state.isForeign {
            // The program's own name counts as well.
            source = .command(at: (terminator ?? 0) + 2)
        } else if let argument = state.awaiting {
            source = Self.values(of: argument, state)
        } else if !state.isTerminated, typed.hasPrefix("-") {
            complete(option: typed, state)
        } else if path.unknown == nil {
            source =
                path.command.configuration.subcommands.isEmpty
                ? state.nextPositional.map { Self.values(of: $0, state) } ?? .nothing
                : .words(Self.commands(of: path.command, isRoot: path.words.isEmpty))
        }
    }

    private mutating func complete(option: String, _ state: State) {
        guard option.hasPrefix("--"), let equals = option.firstIndex(of: "=") else {
            source = .words(state.optionNames)
            return
        }
        guard let argument = state.shape.named(String(option[..<equals])), argument.kind == .option else { return }
        front = String(option[...equals])
        typed = String(option[option.index(after: equals)...])
        source = Self.values(of: argument, state)
    }

    // MARK: Sources

    private static func helped(_ words: ArraySlice<String>) -> Source {
        let path = CommandPath(words)
        guard path.unknown == nil, path.words.count == words.count else { return .nothing }
        let topics = words.isEmpty ? HelpTopic.allCases.map { Candidate($0.rawValue, $0.abstract) } : []
        return .words(commands(of: path.command, isRoot: false) + topics)
    }

    private static func commands(of group: any ParsableCommand.Type, isRoot: Bool) -> [Candidate] {
        let commands = group.configuration.subcommands.filter { $0.configuration.shouldDisplay }
        return commands.map { Candidate($0._commandName, $0.configuration.abstract) }
            + (isRoot ? [Candidate("help", "Show help for a command or a topic.")] : [])
    }

    private static func values(of argument: CommandShape.Argument, _ state: State) -> Source {
        let kind = argument.completionKind
        if let list = kind?.list { return .words(list.values.map { Candidate($0) }) }
        if let file = kind?.file { return .files(extensions: file.extensions) }
        if kind?.directory != nil { return .directories }
        if let word = kind?.shellCommand?.command, let name = LiveName(rawValue: word) {
            return .names(name, user: name == .tokens ? state.positionals.first : nil)
        }
        return .nothing
    }

    // MARK: The words before

    /// What the words of a command before the cursor leave open.
    private struct State {
        let shape: CommandShape
        private(set) var positionals: [String] = []
        /// The option whose value comes next.
        private(set) var awaiting: CommandShape.Argument?
        /// A `--` has come.
        private(set) var isTerminated = false
        private var given: Set<String> = []

        init(_ words: ArraySlice<String>, of command: any ParsableCommand.Type) {
            shape = CommandShape(of: command)
            for word in words { take(word) }
        }

        private mutating func take(_ word: String) {
            if awaiting != nil {
                awaiting = nil
            } else if isTerminated || word == "-" || !word.hasPrefix("-") {
                positionals.append(word)
            } else if word == "--" {
                isTerminated = true
            } else if word.hasPrefix("--") {
                take(long: word)
            } else if let last = word.last, let argument = shape.named("-\(last)") {
                awaiting = argument.kind == .option ? argument : nil
            }
        }

        private mutating func take(long word: String) {
            let name = String(word.prefix { $0 != "=" })
            given.insert(name)
            guard name == word, let argument = shape.named(name), argument.kind == .option else { return }
            awaiting = argument
        }

        /// The words belong to another program.
        var isForeign: Bool { isTerminated && shape.arguments.contains(where: \.followsTerminator) }

        /// The argument that a word without dashes would be.
        var nextPositional: CommandShape.Argument? {
            let all = shape.arguments.filter { $0.kind == .positional && !$0.followsTerminator }
            if positionals.count < all.count { return all[positionals.count] }
            return all.last.flatMap { $0.isRepeating ? $0 : nil }
        }

        /// The command's own options, then the global ones; without those that were given and count once.
        var optionNames: [Candidate] {
            let open = shape.arguments.filter { argument in
                argument.shouldDisplay && argument.kind != .positional
                    && (argument.isRepeating || argument.names?.contains { given.contains($0.spelled) } != true)
            }
            let own = open.filter { $0.sectionTitle == nil }
            return (own + open.filter { $0.sectionTitle != nil }).flatMap { argument in
                (argument.names ?? []).filter { !$0.isShort || argument.names?.count == 1 }
                    .map { Candidate($0.spelled, argument.abstract ?? "") }
            }
        }
    }
}
