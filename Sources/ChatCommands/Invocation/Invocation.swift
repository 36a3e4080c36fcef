import ChatCore
import ChatTerminal
import ChatWire

/// What a command works with. It reads, writes and asks for nothing past it, so any number can run in one process.
struct Invocation: Sendable {
    private(set) var options: GlobalOptions
    let settings: Settings
    private(set) var screen: Screen
    private let context: CommandContext

    /// - Throws: `configuration` for a configuration file that cannot be read.
    init(_ options: GlobalOptions, in context: CommandContext) throws(ChatError) {
        self.options = options
        self.context = context
        let environment = context.environment
        let isColoured =
            switch options.color {
            case .always: true
            case .never: false
            case .auto, nil: context.output.isTerminal && environment["NO_COLOR"] == nil
            }
        screen = Screen(
            output: context.output, error: context.error, isQuiet: options.quiet, isVerbose: options.verbose,
            usesColor: isColoured)
        let folders = Folders(environment)
        let file = try ConfigurationFile.load(folders)
        settings = try Settings(options, environment, file: file ?? ConfigurationFile.Content(), folders)
        screen.detail(
            "configuration file \(ConfigurationFile.path(folders) ?? "-")" + (file == nil ? " (not there)" : ""))
    }

    var input: any InputChannel { context.input }
    var environment: Environment { context.environment }
    var signals: Signals { context.signals }
    var lineEditor: LineEditor.Maker? { context.lineEditor }
    var clock: WallClock { context.clock }
    var zone: LocalZone { context.zone }
    var systemUser: String { context.systemUser() }
    var credentials: Credentials { Credentials(Folders(context.environment)) }
    var printsJSON: Bool { options.json }

    /// The same with results that go elsewhere.
    func showing(on output: any OutputChannel, asJSON: Bool) -> Invocation {
        var copy = self
        copy.options.json = asJSON
        copy.screen = screen.with(output: output)
        return copy
    }

    /// What a command runs in that is called within this one: on a backend that is open, in the name of `user`.
    func context(
        lending backend: Backend, to user: Username?, output: any OutputChannel, notices: any OutputChannel,
        input: any InputChannel
    ) -> CommandContext {
        var inner = context
        (inner.output, inner.error, inner.input, inner.lent) = (output, notices, input, backend)
        inner.environment = environment.setting([
            "CHATCTL_DATABASE": settings["database"], "CHATCTL_REDIS": settings["redis"],
            "CHATCTL_SERVER": settings["server"], "CHATCTL_USER": user?.text ?? settings["user"],
            "CHATCTL_PROFILE": settings["profile"], "NO_COLOR": screen.usesColor ? nil : "1",
        ])
        return inner
    }

    /// Runs `work` on the lent backend, or on one that is opened for it and closed whatever happens.
    ///
    /// - Throws: what opening and `work` throw; `userNotFound` when nobody has the name of `--as`.
    func withBackend(_ work: (Backend) async throws(ChatError) -> Void) async throws(ChatError) {
        if let lent = context.lent {
            screen.detail(lent.name)
            return try await perform(work, on: lent)
        }
        let backend = try await Assembly.backend(settings, credentials, context, screen)
        do throws(ChatError) {
            screen.detail(backend.name)
            try await perform(work, on: backend)
        } catch {
            await backend.close()
            throw error
        }
        await backend.close()
    }

    private func perform(
        _ work: (Backend) async throws(ChatError) -> Void, on backend: Backend
    ) async throws(ChatError) {
        let username = try speaker()
        do throws(ChatError) {
            try await work(backend.speaking(as: username))
        } catch {
            throw await backend.namingNearest(error)
        }
    }

    private func speaker() throws(ChatError) -> Username? {
        try settings["user"].map { text throws(ChatError) in try Username(text) }
    }

    /// Runs `work`, which may be quiet for a long time, until the reader of standard output has gone.
    ///
    /// - Throws: `outputFailed` once the reader has gone, otherwise what `work` throws.
    func whileRead(_ work: @escaping @Sendable () async throws(ChatError) -> Void) async throws(ChatError) {
        let (leaving, left) = AsyncStream<Void>.makeStream()
        let watch = Task {
            await screen.output.waitUntilReaderLeaves()
            if !Task.isCancelled { left.yield() }
        }
        defer { watch.cancel() }
        guard try await Interruption.run(leaving, work) else {
            throw ChatError(.outputFailed, "standard output: its reader has gone")
        }
    }

    /// Shows a result: JSON when asked for, otherwise the lines of `text`.
    ///
    /// - Throws: `outputFailed`.
    func show(json: (inout JSONWriter) -> Void, text: () -> [String]) throws(ChatError) {
        guard !printsJSON else { return try screen.document(JSON.document(json)) }
        try screen.lines(text())
    }

    /// - Throws: `usage` when a server was asked for: `command` works on a database. One that only the configuration
    ///   file names was not meant for it.
    func requireDirect(_ command: String) throws(ChatError) {
        guard settings["server"] == nil || settings.source(of: "server")?.isInFile == true else {
            throw ChatError(
                .usage, "\(command): works on a database, not on a server",
                hint: "leave out --server and CHATCTL_SERVER")
        }
    }
}
