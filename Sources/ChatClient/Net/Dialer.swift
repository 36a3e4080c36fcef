import ChatCore
import ChatTLS
import NIOCore
import NIOPosix
import Synchronization

/// Opens connections to one server, with TLS where its address says so.
final class Dialer: Sendable {
    let address: ServerAddress
    /// Made at the first use, because reading the trust roots takes milliseconds.
    private let tls = Mutex<ClientTLS?>(nil)

    init(_ address: ServerAddress) {
        self.address = address
    }

    /// A connected channel; `prepare` adds the handlers, on the channel's event loop.
    ///
    /// - Throws: `unavailable` when nobody answers within 5 seconds, `configuration` for bad trust roots.
    func connect(
        _ prepare: @escaping @Sendable (any Channel) throws -> Void
    ) async throws(ChatError) -> any Channel {
        let tls = address.usesTLS ? try clientTLS() : nil
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { [host = address.host] channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(tls.handler(for: host)) }
                    try prepare(channel)
                }
            }
        do {
            return try await bootstrap.connect(host: address.host, port: address.port).get()
        } catch {
            throw address.fault(error)
        }
    }

    private func clientTLS() throws(ChatError) -> ClientTLS {
        do {
            return try tls.withLock { known in
                if let known { return known }
                let made = try ClientTLS()
                known = made
                return made
            }
        } catch {
            throw ChatError(
                .configuration, "TLS: the trusted roots cannot be read: \(error)", hint: "check SSL_CERT_FILE")
        }
    }
}
