import ArgumentParser
import ChatCore
import ChatWire

/// A command of ours: it gets a session and throws one kind of error.
protocol ChatCommand: AsyncParsableCommand, Sendable {
    var global: GlobalOptions { get }
    func run(_ session: Session) async throws(ChatError)
}

extension ChatCommand {
    func run() async throws {
        let session = Session(options: global, settings: try Settings(global))
        try await run(session)
    }
}

/// What a command has at hand: settings, output and, on demand, the backend.
struct Session: Sendable {
    let options: GlobalOptions
    let settings: Settings
    let terminal: Terminal

    init(options: GlobalOptions, settings: Settings) {
        self.options = options
        self.settings = settings
        terminal = Terminal(isQuiet: options.quiet, isVerbose: options.verbose, color: options.color)
    }

    var printsJSON: Bool { options.json }

    /// Runs `work` on the backend and lets go of it whatever happens.
    func withBackend(_ work: (Backend) async throws(ChatError) -> Void) async throws(ChatError) {
        let backend = try await Assembly.backend(settings)
        do throws(ChatError) {
            try await work(backend)
        } catch {
            await backend.close()
            throw error
        }
        await backend.close()
    }

    /// Prints a result: JSON when asked for, otherwise the lines of `text`.
    func show(json: (inout JSONWriter) -> Void, text: () -> [String]) {
        if printsJSON {
            terminal.document(JSON.document(json))
        } else {
            for line in text() { terminal.line(line) }
        }
    }

    /// - Throws: `usage` when a server is set: the command works on a database.
    func requireDirect(_ command: String) throws(ChatError) {
        guard settings["server"] == nil else {
            throw ChatError(
                .usage, "\(command): works on a database, not on a server",
                hint: "leave out --server and CHATCTL_SERVER")
        }
    }
}
