import ChatCore
import Glibc
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The certificate chain and key that new connections get. Both can be read anew while the server runs.
final class ServerCertificate: Sendable {
    private let chain: String
    private let key: String
    private let context: Mutex<NIOSSLContext>

    /// - Throws: `configuration` for files that cannot be used.
    init(chain: String, key: String) throws(ChatError) {
        self.chain = chain
        self.key = key
        context = Mutex(try Self.load(chain, key))
    }

    var current: NIOSSLContext { context.withLock { $0 } }

    /// Reads both files anew. Open connections keep the certificate they have.
    ///
    /// - Throws: `configuration` for files that cannot be used; what was read before then stays in use.
    func reload() throws(ChatError) {
        let fresh = try Self.load(chain, key)
        context.withLock { $0 = fresh }
    }

    private static func load(_ chain: String, _ key: String) throws(ChatError) -> NIOSSLContext {
        let certificates = try read(chain, "certificate") { try NIOSSLCertificate.fromPEMFile($0) }
        let privateKey = try read(key, "private key") { try NIOSSLPrivateKey(file: $0, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        // How long to wait for the peer's part of a close: the drain has 2 s beyond its own time.
        configuration.shutdownTimeout = .seconds(1)
        // Of TLS 1.2, only suites with forward secrecy and authenticated encryption (RFC 9325 §4.2).
        configuration.cipherSuites =
            "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
            + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ChatError(
                .configuration, "TLS: the certificate in \(chain) and the key in \(key) do not belong together",
                remedy: .nameCertificate)
        }
    }

    private static func read<Value>(
        _ file: String, _ what: String, _ load: (String) throws -> Value
    ) throws(ChatError) -> Value {
        if let reason = fault(of: file) {
            throw ChatError(.configuration, "TLS: \(file): \(reason)", remedy: .nameCertificate)
        }
        do {
            return try load(file)
        } catch {
            let reason = (error as? IOError).map { $0.reasonText } ?? "holds no \(what) in PEM format"
            throw ChatError(.configuration, "TLS: \(file): \(reason)", remedy: .nameCertificate)
        }
    }

    /// Why a path names no file that can be read: a pipe could be waited for without end, and is empty when it is to be read
    /// anew.
    private static func fault(of file: String) -> String? {
        var status = stat()
        guard stat(file, &status) == 0 else { return String(cString: strerror(errno)) }
        return status.st_mode & S_IFMT == S_IFREG ? nil : "not a regular file"
    }
}

/// A server channel with TLS below it, under the certificate that is current when a connection comes.
struct TLSConnections<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let certificate: ServerCertificate

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            // By default a connection keeps, and allocates for each write, as much as its longest write ever took.
            var buffers = NIOSSLHandler.Configuration()
            buffers.maximumPreservedOutboundBufferCapacity = 16_384
            let handler = NIOSSLServerHandler(context: certificate.current, configuration: buffers)
            try channel.pipeline.syncOperations.addHandler(handler)
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
