import ChatCore
import ChatHTTP
import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The configuration of a server. `threads` 0 means one per core; `drain` limits a graceful shutdown.
package struct ServerSettings: Sendable {
    package var host = "127.0.0.1"
    package var port = 8_080
    package var threads = 0
    package var tls: (certificate: String, key: String)?
    package var origins: Set<String> = []
    package var drain: Duration = .seconds(10)
    package var proxies = TrustedProxies()

    package init() {}
}

/// Serves WebSockets, and HTTP through the given routes, on one port.
package struct ChatServer: Sendable {
    private let chat: Chat
    private let settings: ServerSettings
    private let router: HTTPRouter
    private let logger: Logger

    /// - Parameter router: handles every request that is not for a WebSocket.
    package init(
        chat: Chat, router: HTTPRouter, settings: ServerSettings, logger: Logger
    ) {
        self.chat = chat
        self.router = router
        self.settings = settings
        self.logger = logger
    }

    /// Serves until `shutdown` yields, then drains: accepts no new connections, flushes the journal, closes clients
    /// with 1001.
    ///
    /// - Parameters:
    ///   - listening: called once with the port when connections are accepted.
    ///   - reload: with each element the certificate and its key are read anew; nothing happens without TLS.
    /// - Throws: `configuration` for an address or certificate that cannot be used, `unavailable` for the database or
    ///   the bus.
    package func run(
        listening: @escaping @Sendable (Int) -> Void, shutdown: AsyncStream<Void>,
        reload: AsyncStream<Void> = AsyncStream { $0.finish() }
    ) async throws(ChatError) {
        let certificate = try settings.tls.map { files throws(ChatError) in
            try ServerCertificate(chain: files.certificate, key: files.key)
        }
        let reloading = Task { for await _ in reload { reloaded(certificate) } }
        defer { reloading.cancel() }
        let group = MultiThreadedEventLoopGroup(
            numberOfThreads: settings.threads > 0 ? settings.threads : System.coreCount)
        let live = LiveContext(chat: chat, group: group, proxies: settings.proxies)
        try await chat.startServing(as: nodeName, hubs: live.hubs)
        live.startTimers()
        let drain = Drain(settings.drain)
        let outcome = await serve(live, group, certificate, drain, listening: listening, shutdown: shutdown)
        _ = await BoundedWait.run(until: drain.endOfServing) { [chat] in await chat.stopServing() }
        // The event loops are left to end with the process: Hummingbird may still use them after its shutdown returned.
        if case .failure(let error) = outcome { throw error }
    }

    private func reloaded(_ certificate: ServerCertificate?) {
        guard let certificate else { return }
        do throws(ChatError) {
            try certificate.reload()
            logger.notice("TLS: new connections get the certificate that was read anew")
        } catch {
            logger.error("\(error.message); the earlier certificate stays in use")
        }
    }

    private func serve(
        _ live: LiveContext, _ group: MultiThreadedEventLoopGroup, _ certificate: ServerCertificate?, _ drain: Drain,
        listening: @escaping @Sendable (Int) -> Void,
        shutdown: AsyncStream<Void>
    ) async -> Result<Void, ChatError> {
        do {
            let application = Application(
                responder: router, server: builder(live, certificate),
                configuration: .init(address: .hostname(settings.host, port: settings.port), backlog: 4_096),
                onServerRunning: { [chat] channel in
                    // Before the handler that ends the accepting on an error.
                    try? await channel.eventLoop.submit {
                        try channel.pipeline.syncOperations.addHandler(AcceptPause(chat: chat), position: .first)
                    }.get()
                    listening(channel.localAddress?.port ?? 0)
                },
                eventLoopGroupProvider: .shared(group), logger: logger)
            var configuration = ServiceGroupConfiguration(
                services: [.init(service: application, successTerminationBehavior: .gracefullyShutdownGroup)],
                logger: logger)
            configuration.maximumGracefulShutdownDuration = settings.drain
            let group = ServiceGroup(configuration: configuration)
            let watcher = Task { [chat] in
                for await _ in shutdown { break }
                drain.begin()
                // Acknowledge accepted messages before the connections close, as far as the database answers.
                _ = await BoundedWait.run(until: drain.endOfMessages) { await chat.stopPosting() }
                await group.triggerGracefulShutdown()
            }
            let loop = live.hubs.first.map { LoopExecutor($0.loop) }
            let ran = await BoundedWait.run(
                {
                    await withTaskExecutorPreference(loop) { () -> Result<Void, any Error> in
                        do { return .success(try await group.run()) } catch { return .failure(error) }
                    }
                }, orUntil: { await drain.isOver() })
            watcher.cancel()
            // Connections that have not ended by then end with the process.
            try ran?.get()
            return .success(())
        } catch {
            return .failure(Self.reason(of: error, settings))
        }
    }

    /// Unique to this server and the same after a restart, so that a start clears what its own crash left behind.
    private var nodeName: String {
        var bytes = [CChar](repeating: 0, count: 256)
        gethostname(&bytes, bytes.count - 1)
        let host = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(host) \(settings.host) " + (settings.port == 0 ? "process \(getpid())" : "port \(settings.port)")
    }

    private func builder(_ live: LiveContext, _ certificate: ServerCertificate?) -> HTTPServerBuilder {
        let shared = LiveSettings(context: live, origins: settings.origins, usesTLS: certificate != nil)
        return HTTPServerBuilder { responder in
            let plain = UpgradableChannel(responder: responder, settings: shared)
            guard let certificate else { return plain }
            return TLSConnections(base: plain, certificate: certificate)
        }
    }

    private static func reason(of error: any Error, _ settings: ServerSettings) -> ChatError {
        if let error = error as? ChatError { return error }
        let place =
            settings.host.contains(":") ? "[\(settings.host)]:\(settings.port)" : "\(settings.host):\(settings.port)"
        switch error {
        case let error as IOError:
            return ChatError(.configuration, "address \(place): \(error.reasonText)", remedy: .choosePort)
        case is SocketAddressError, is SocketAddressError.UnknownHost:
            return ChatError(
                .configuration, "address \(place): no such host", hint: "use an address or a name of this machine")
        default: return .wrapping(error)
        }
    }
}

extension IOError {
    /// The system's reason, without the call that failed.
    var reasonText: String {
        errnoCode == EADDRINUSE ? "already in use" : String(cString: strerror(errnoCode))
    }
}
