import ArgumentParser
import ChatAPI
import ChatClient
import ChatCore
import ChatHTTP
import ChatPages
import ChatServer
import Glibc
import Logging
import Synchronization

/// `chatctl serve`: runs the server until a signal ends it.
struct Serve: ChatCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server.",
        discussion: """
            SIGTERM and SIGINT end it once accepted messages are stored; SIGHUP makes it read the certificate and its \
            key anew.
            """)

    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "Port to listen on; 0 picks a free one.") var port = 8_080
    @Option(help: "Event loops; 0 for one per core.") var threads = 0
    @Option(help: ArgumentHelp("PEM file with the certificate chain.", valueName: "file"), completion: .file())
    var tlsCertificate: String?
    @Option(help: ArgumentHelp("PEM file with the private key.", valueName: "file"), completion: .file()) var tlsKey:
        String?
    @Option(
        help: ArgumentHelp("Origin whose pages may connect with a session cookie; may be repeated.", valueName: "url"))
    var origin: [String] = []
    @Option(
        help: ArgumentHelp(
            "Address or network of proxies whose X-Forwarded-For counts for limits and the log; may be repeated.",
            valueName: "cidr"))
    var trustedProxy: [String] = []
    @Option(help: "Whether people may make accounts of their own: open, or closed but for those who are invited.")
    var signup = SignUpPolicy.open
    @Option(help: ArgumentHelp("Time that connections have to end after SIGTERM.", valueName: "seconds"))
    var drainSeconds = 10
    @Option(
        help: ArgumentHelp("Make this user the first administrator, if there is none.", valueName: "user"),
        completion: .live(.users))
    var admin: String?
    @Option(help: ArgumentHelp("File with the password of --admin.", valueName: "file"), completion: .file())
    var adminPasswordFile: String?
    /// Of a server that another command started in this folder: it ends with that command.
    @Option(help: .hidden) var throwAway: String?
    @Flag(help: "Do not bring the schema up to date first.") var noMigrate = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port is not from 0 to 65535") }
        guard (0...1_024).contains(threads) else { throw ValidationError("--threads is not from 0 to 1024") }
        guard (0...3_600).contains(drainSeconds) else { throw ValidationError("--drain-seconds is not from 0 to 3600") }
        do throws(ChatError) { _ = try TrustedProxies(trustedProxy) } catch { throw ValidationError(error.message) }
        guard (admin == nil) == (adminPasswordFile == nil) else {
            throw ValidationError("--admin and --admin-password-file belong together")
        }
        do throws(ChatError) { _ = try origins() } catch { throw ValidationError(error.message) }
        guard !host.isEmpty else { throw ValidationError("--host is empty") }
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key belong together")
        }
    }

    func run(_ invocation: Invocation) async throws(ChatError) {
        try invocation.requireDirect("serve")
        let administrator = try admin.map { text throws(ChatError) in try Username(text) }
        // From here on it ends nothing: whoever asks for a new certificate may ask at any time.
        let reload = invocation.signals.stream(of: [SIGHUP])
        FileLimit.raise()
        let isOrphan = OrphanMark()
        if let throwAway { LifelineWatch.start(on: STDIN_FILENO, folder: throwAway) { isOrphan.set() } }
        let database = try await invocation.openDatabase(noMigrate ? .current : .migrating)
        let end = ServerEnd(drain: .seconds(drainSeconds))
        do throws(ChatError) {
            let log = ServerLog(logger: logger(invocation), clock: database.clock)
            let chat = try await Assembly.chat(on: database, invocation.settings, observer: log)
            if let administrator { try await create(administrator, chat, invocation) }
            try await serve(chat, reload, end, invocation)
        } catch {
            await wait(for: end, invocation) { await database.close() }
            throw error
        }
        await wait(for: end, invocation) { await database.close() }
        if let throwAway, isOrphan.isSet { ThrowAwayServer.removeFiles(in: throwAway) }
    }

    /// Closes the database, or leaves it to the end of the process when that would take longer than the end may.
    private func wait(
        for end: ServerEnd, _ invocation: Invocation, _ close: @escaping @Sendable () async -> Void
    ) async {
        guard await BoundedWait.run(until: end.deadline, close) == nil else { return }
        logger(invocation).warning("the end was not waited for any longer: the database does not answer")
    }

    /// Makes the first administrator. The file is read only where there is none yet, so it may be gone afterwards.
    private func create(_ name: Username, _ chat: Chat, _ invocation: Invocation) async throws(ChatError) {
        let file = adminPasswordFile ?? ""
        let made = try await chat.service(
            for: .operator(as: nil, named: invocation.systemUser)
        ).createFirstAdministrator {
            () throws(ChatError) in
            guard let text = try TextFile.read(file) else {
                throw ChatError(
                    .configuration, "\(file): no such file", hint: "name the password's file with --admin-password-file"
                )
            }
            let password = String(text.drop { $0 == "\u{feff}" }.prefix { !$0.isNewline })
            return try NewUser(username: name, displayName: nil, role: .admin, password: password)
        }
        if made != nil { invocation.screen.notice("chatctl: made the administrator \(name)") }
    }

    private func serve(
        _ chat: Chat, _ reload: AsyncStream<Void>, _ end: ServerEnd, _ invocation: Invocation
    ) async throws(ChatError) {
        let settings = try serverSettings()
        let router = try router(chat, settings.proxies)
        let firstRun = try await chat.firstRunCode()
        let (shutdown, stop) = AsyncStream<Void>.makeStream()
        let signals = invocation.signals.stream(of: [SIGTERM, SIGINT])
        let watching = Task {
            for await _ in signals {
                end.start()
                stop.yield()
            }
        }
        defer { watching.cancel() }
        // Whoever started the server waits for this line; a server that cannot say where it listens ends.
        let fault = Mutex<ChatError?>(nil)
        let server = ChatServer(chat: chat, router: router, settings: settings, logger: logger(invocation))
        let restoring = Task {
            guard let error = await chat.restoration() else { return }
            fault.withLock { $0 = error }
            end.start()
            stop.yield()
        }
        defer { restoring.cancel() }
        let listening = { @Sendable (port: Int) in
            do throws(ChatError) {
                try say(port, firstRun, invocation)
            } catch {
                fault.withLock { $0 = error }
                end.start()
                stop.yield()
            }
        }
        try await end.bound { () throws(ChatError) in
            try await server.run(listening: listening, shutdown: shutdown, reload: reload)
        }
        if let fault = fault.withLock({ $0 }) { throw fault }
    }

    /// Says where the server listens and, while there is no administrator, where the first one's account is made.
    private func say(_ port: Int, _ firstRun: String?, _ invocation: Invocation) throws(ChatError) {
        let place = address.contains(":") ? "[\(address)]" : address
        let url = "\(tlsCertificate == nil ? "http" : "https")://\(place):\(port)"
        try invocation.screen.line("listening on \(url)")
        guard let firstRun else { return }
        invocation.screen.notice("chatctl: no administrator yet: open \(url)/join/\(firstRun)")
    }

    /// The API and the pages on one router.
    private func router(_ chat: Chat, _ proxies: TrustedProxies) throws(ChatError) -> HTTPRouter {
        let usesTLS = tlsCertificate != nil
        var settings = PageSettings()
        settings.usesTLS = usesTLS
        settings.proxies = proxies
        settings.signUp = signup
        let pages = try Pages(chat, settings)
        return HTTPRouter(
            chat: chat, routes: APIRoutes.routes(chat, usesTLS: usesTLS, proxies: proxies) + pages.routes,
            cookie: SessionCookie(usesTLS: usesTLS), errorPage: pages.errorPage(_:for:))
    }

    /// The host without the brackets that an IPv6 address has in a URL.
    private var address: String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    /// The origins as browsers send them: in lower case, without the standard port and without a path (RFC 6454 §6.2).
    ///
    /// - Throws: `usage` for what is no origin of a page.
    private func origins() throws(ChatError) -> Set<String> {
        var origins: Set<String> = []
        for text in origin {
            guard let address = try? ServerAddress(text) else {
                throw ChatError(.usage, "--origin: '\(text)' is not like https://example.org")
            }
            origins.insert(address.description)
        }
        return origins
    }

    private func serverSettings() throws(ChatError) -> ServerSettings {
        var settings = ServerSettings()
        settings.host = address
        settings.port = port
        settings.threads = threads
        settings.drain = .seconds(drainSeconds)
        settings.proxies = try TrustedProxies(trustedProxy)
        settings.origins = try origins()
        if let tlsCertificate, let tlsKey { settings.tls = (tlsCertificate, tlsKey) }
        return settings
    }

    private func logger(_ invocation: Invocation) -> Logger {
        var logger = Logger(label: "chatctl") { _ in
            ChannelLogHandler(channel: invocation.screen.error, clock: invocation.clock)
        }
        logger.logLevel = global.verbose ? .info : .notice
        return logger
    }
}
