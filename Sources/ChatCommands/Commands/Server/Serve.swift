import ArgumentParser
import ChatAPI
import ChatCore
import ChatServer
@preconcurrency import Dispatch
import Glibc
import Logging

/// `chatctl serve`: runs the server until a signal ends it.
struct Serve: ChatCommand {
    static let configuration = CommandConfiguration(abstract: "Run the server.")

    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "Port to listen on; 0 picks a free one.") var port = 8_080
    @Option(help: "Event loops; as many as cores when 0.") var threads = 0
    @Option(help: ArgumentHelp("PEM file with the certificate chain.", valueName: "file")) var tlsCertificate: String?
    @Option(help: ArgumentHelp("PEM file with the private key.", valueName: "file")) var tlsKey: String?
    @Option(help: ArgumentHelp("Origin whose pages may connect with a cookie; may be repeated.", valueName: "url"))
    var origin: [String] = []
    @Option(help: "How long connections may take to end on SIGTERM, in seconds.") var drainSeconds = 10
    @Flag(help: "Do not bring the schema up to date first.") var noMigrate = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port is not from 0 to 65535") }
        guard (0...1_024).contains(threads) else { throw ValidationError("--threads is not from 0 to 1024") }
        guard (0...3_600).contains(drainSeconds) else { throw ValidationError("--drain-seconds is not from 0 to 3600") }
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key belong together")
        }
    }

    func run(_ session: Session) async throws(ChatError) {
        try session.requireDirect("serve")
        FileLimit.raise()
        let database = try await Assembly.database(session.settings, noMigrate ? .current : .migrating)
        let scheme = tlsCertificate == nil ? "http" : "https"
        let shutdown = Signals.stream(of: [SIGTERM, SIGINT])
        do throws(ChatError) {
            let log = ServerLog(logger: logger, clock: database.clock)
            let chat = try await Assembly.chat(on: database, session.settings, observer: log)
            let server = ChatServer(
                chat: chat, router: APIRoutes.router(chat, usesTLS: tlsCertificate != nil), settings: serverSettings,
                logger: logger)
            try await server.run(
                listening: { session.terminal.line("listening on \(scheme)://\(host):\($0)") }, shutdown: shutdown)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }

    private var serverSettings: ServerSettings {
        var settings = ServerSettings()
        settings.host = host
        settings.port = port
        settings.threads = threads
        settings.origins = Set(origin)
        settings.drain = .seconds(drainSeconds)
        if let tlsCertificate, let tlsKey { settings.tls = (tlsCertificate, tlsKey) }
        return settings
    }

    private var logger: Logger {
        var logger = Logger(label: "chatctl") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = global.verbose ? .info : .notice
        return logger
    }
}

/// The number of files, and so of connections, that a process may have open.
enum FileLimit {
    /// Takes as many as the system allows; what it gives at first is meant for programs that use select(2).
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// Signals as a stream of events.
enum Signals {
    static func stream(of signals: [Int32]) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        for number in signals {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield() }
            source.activate()
            // The source lives as long as somebody listens.
            continuation.onTermination = { [previous = continuation.onTermination] reason in
                source.cancel()
                previous?(reason)
            }
        }
        return stream
    }
}
