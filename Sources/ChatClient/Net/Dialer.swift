import ChatCore
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Opens connections to one server, with TLS where its address says so.
final class Dialer: Sendable {
    let address: ServerAddress
    /// Made at the first use, because reading the trust roots takes milliseconds.
    private let tls = Mutex<NIOSSLContext?>(nil)

    init(_ address: ServerAddress) {
        self.address = address
    }

    /// A connected channel; `prepare` adds the handlers, on the channel's event loop.
    ///
    /// - Throws: `unavailable` when nobody answers within 5 seconds, `configuration` for bad trust roots.
    func connect(
        _ prepare: @escaping @Sendable (any Channel) throws -> Void
    ) async throws(ChatError) -> any Channel {
        let context = address.usesTLS ? try tlsContext() : nil
        let name = Self.isIPAddress(address.host) ? nil : address.host
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        let handler = try NIOSSLClientHandler(context: context, serverHostname: name)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try prepare(channel)
                }
            }
        do {
            return try await bootstrap.connect(host: address.host, port: address.port).get()
        } catch {
            throw address.fault(error)
        }
    }

    private func tlsContext() throws(ChatError) -> NIOSSLContext {
        do {
            return try tls.withLock { known in
                if let known { return known }
                let made = try Self.makeContext()
                known = made
                return made
            }
        } catch {
            throw ChatError(
                .configuration, "TLS: the trusted roots cannot be read: \(error)", hint: "check SSL_CERT_FILE")
        }
    }

    private static func makeContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let file = getenv("SSL_CERT_FILE").map({ String(cString: $0) }), !file.isEmpty {
            configuration.additionalTrustRoots = [.file(file)]
        }
        return try NIOSSLContext(configuration: configuration)
    }

    /// Addresses may not stand in SNI (RFC 6066 §3); the certificate is then checked against the address itself.
    private static func isIPAddress(_ host: String) -> Bool {
        (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }
}
