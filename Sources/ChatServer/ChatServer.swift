import ChatCore
import ChatHTTP
import Glibc
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
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
    /// - Parameter listening: called once with the port when connections are accepted.
    /// - Throws: `configuration` for an address or certificate that cannot be used, `unavailable` for the database or
    ///   the bus.
    package func run(
        listening: @escaping @Sendable (Int) -> Void, shutdown: AsyncStream<Void>
    ) async throws(ChatError) {
        let group = MultiThreadedEventLoopGroup(
            numberOfThreads: settings.threads > 0 ? settings.threads : System.coreCount)
        let live = LiveContext(chat: chat, group: group, proxies: settings.proxies)
        try await chat.startServing(as: nodeName, hubs: live.hubs)
        live.startTimers()
        let outcome = await serve(live, group, listening: listening, shutdown: shutdown)
        await chat.stopServing()
        // The event loops are left to end with the process: Hummingbird may still use them after its shutdown returned.
        if case .failure(let error) = outcome { throw error }
    }

    private func serve(
        _ live: LiveContext, _ group: MultiThreadedEventLoopGroup, listening: @escaping @Sendable (Int) -> Void,
        shutdown: AsyncStream<Void>
    ) async -> Result<Void, ChatError> {
        do {
            let application = Application(
                responder: router, server: try builder(live),
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
            let watcher = Task {
                for await _ in shutdown { break }
                // Acknowledge accepted messages before the connections close.
                await chat.stopPosting()
                await group.triggerGracefulShutdown()
            }
            let loop = live.hubs.first.map { LoopExecutor($0.loop) }
            try await withTaskExecutorPreference(loop) { try await group.run() }
            watcher.cancel()
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

    private func builder(_ live: LiveContext) throws -> HTTPServerBuilder {
        let shared = LiveSettings(context: live, origins: settings.origins, usesTLS: settings.tls != nil)
        let plain = HTTPServerBuilder { responder in UpgradableChannel(responder: responder, settings: shared) }
        guard let tls = settings.tls else { return plain }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(tls.certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: tls.key, format: .pem)))
        configuration.minimumTLSVersion = .tlsv12
        // Of TLS 1.2, only suites with forward secrecy and authenticated encryption (RFC 9325 §4.2).
        configuration.cipherSuites =
            "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
            + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
        return try .tls(plain, tlsConfiguration: configuration)
    }

    private static func reason(of error: any Error, _ settings: ServerSettings) -> ChatError {
        if let error = error as? ChatError { return error }
        if let error = error as? IOError {
            return ChatError(
                .configuration, "address \(settings.host):\(settings.port): \(error.localizedReason)",
                remedy: .choosePort)
        }
        if error is NIOSSLError || error is BoringSSLError {
            return ChatError(
                .configuration, "TLS: the certificate or key cannot be used: \(error)",
                remedy: .nameCertificate)
        }
        return .wrapping(error)
    }
}

extension IOError {
    fileprivate var localizedReason: String {
        errnoCode == EADDRINUSE
            ? "already in use" : errnoCode == EACCES ? "not permitted" : "cannot listen: \(description)"
    }
}
