import Glibc
import NIOCore
import NIOSSL

/// TLS for connections to a server, with the system's trusted roots and those in the file that `SSL_CERT_FILE` names.
package struct ClientTLS: Sendable {
    private let context: NIOSSLContext

    /// Reads the trusted roots, which takes milliseconds.
    ///
    /// - Throws: an error of NIOSSL when they cannot be read.
    package init() throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let file = getenv("SSL_CERT_FILE").map({ String(cString: $0) }), !file.isEmpty {
            configuration.additionalTrustRoots = [.file(file)]
        }
        context = try NIOSSLContext(configuration: configuration)
    }

    /// The first handler of a channel that connects to `host`, a name or an IP address.
    package func handler(for host: String) throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: Self.serverName(for: host))
    }

    /// The name to send in SNI: nil for an IP address, which is not allowed there (RFC 6066 §3). The certificate is then
    /// checked against the address of the connection.
    static func serverName(for host: String) -> String? {
        (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
    }
}
