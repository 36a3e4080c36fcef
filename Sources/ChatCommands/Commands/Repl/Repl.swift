import ArgumentParser
import ChatCore
import ChatTerminal

/// `chatctl repl`
struct Repl: InvocableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repl", abstract: "Chat at the keyboard, or run a script.",
        discussion: """
            A text is posted to the current room, and a line that begins with '/' is a command; '/help' lists them. Where \
            standard input is no terminal, or with --script, the lines are a script: it ends at the first line that fails, \
            with that line's exit status, and with 1 where an expectation is not met.
            """)

    @Argument(help: "Room to begin in; 'general' without it.") var room: String?
    @Option(help: ArgumentHelp("Run the lines of this file.", valueName: "file")) var script: String?
    @Option(help: ArgumentHelp("Report the expectations of a script in place of what it shows.", valueName: "format"))
    var format: ReplFormat?
    @Option(help: ArgumentHelp("How long '/expect' waits when it does not say it.", valueName: "duration"))
    var timeout = DurationArgument(.seconds(10))
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        let name = try room.map { text throws(ChatError) in try RoomName(text) }
        let isScript = script != nil || !invocation.input.isTerminal || !invocation.screen.output.isTerminal
        guard isScript || format == nil else {
            throw ChatError(.usage, "--format: it is for scripts", hint: "name one with --script, or pipe it in")
        }
        let lines = isScript ? ReplLines(try input(invocation)) : nil
        var status: Int32 = 0
        try await invocation.withBackend { backend throws(ChatError) in
            let speaker = backend.isRemote ? try await backend.actor().username : backend.speaker?.username
            let begins = if let name { Optional(name) } else { try await general(backend) }
            let plan = ReplSession.Plan(room: begins, isScript: isScript, patience: timeout.value)
            if let lines {
                status = try await run(lines, plan, backend, speaker, invocation)
            } else {
                try await type(plan, backend, speaker, invocation)
            }
        }
        return status
    }

    /// What errors call the script.
    private var title: String { script.map { $0 == "-" ? "standard input" : $0 } ?? "standard input" }

    private func input(_ invocation: Invocation) throws(ChatError) -> any InputChannel {
        guard let script, script != "-" else { return invocation.input }
        guard let text = try TextFile.read(script) else { throw ChatError(.configuration, "\(script): no such file") }
        return ReplText(text)
    }

    /// The room that a new database has, where it is still there and may be read.
    private func general(_ backend: Backend) async throws(ChatError) -> RoomName? {
        let name = try RoomName("general")
        do throws(ChatError) {
            return try await backend.service.log(of: name).name
        } catch  where [.roomNotFound, .notAMember, .banned].contains(error.code) {
            return nil
        }
    }

    private func run(
        _ lines: ReplLines, _ plan: ReplSession.Plan, _ backend: Backend, _ speaker: Username?, _ invocation: Invocation
    ) async throws(ChatError) -> Int32 {
        let held = HeldOutput()
        let session = ReplSession(
            plan, backend, speaker: speaker, invocation, ReplScreen(invocation.screen.output, isShown: format == nil),
            notices: invocation.screen.error, commandNotices: held, names: ReplNames())
        do throws(ChatError) {
            try await session.begin()
            let status = try await ReplScript(
                name: title, lines: lines, session: session, invocation: invocation, held: held
            ).run(format)
            await session.close()
            return status
        } catch {
            await session.close()
            throw error
        }
    }

    private func type(
        _ plan: ReplSession.Plan, _ backend: Backend, _ speaker: Username?, _ invocation: Invocation
    ) async throws(ChatError) {
        let names = ReplNames()
        guard let make = invocation.lineEditor else { throw ChatError(.usage, "repl: no terminal to type at") }
        let editor = try make(history(invocation)) { text in
            ReplCompletion(rooms: names.rooms, users: names.users).words(for: text)
        }
        let session = ReplSession(
            plan, backend, speaker: speaker, invocation, ReplScreen(editor), notices: editor, commandNotices: editor,
            names: names)
        do throws(ChatError) {
            try await ReplKeyboard(session: session, editor: editor, invocation: invocation).run()
        } catch {
            await session.close()
            throw error
        }
        await session.close()
    }

    /// The file that keeps what was typed; nil where the environment names no folder for it.
    private func history(_ invocation: Invocation) -> String? {
        guard let folder = Folders(invocation.environment).state else { return nil }
        let file = "\(folder)/history"
        TextFile.makeFolder(of: file)
        return file
    }
}
