import ChatCore
import Glibc

/// Where the generator connects: one resolved IPv4 address, reached over plain TCP.
///
/// There is no TLS: encryption in the generator would be measured as if it were the server's work.
package struct Endpoint: Sendable {
    /// The server as error messages name it.
    let url: String
    /// The value of a `Host` header.
    let authority: String
    private let address: sockaddr_in

    /// - Throws: `unavailable` when the host cannot be resolved.
    package init(url: String, host: String, port: Int) throws(ChatError) {
        self.url = url
        authority = "\(host):\(port)"
        address = try Self.resolve(host, port, url)
    }

    /// Opens a socket and starts connecting; with `isBlocking` it is connected on return.
    ///
    /// The caller owns the descriptor.
    /// - Throws: `unavailable` when no descriptor is left or nobody listens.
    func open(isBlocking: Bool) throws(ChatError) -> Int32 {
        let mode = isBlocking ? 0 : SOCK_NONBLOCK.rawValue
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | mode), 0)
        guard descriptor >= 0 else { throw failure(errno) }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 || errno == EINPROGRESS && !isBlocking else {
            let code = errno
            close(descriptor)
            throw failure(code)
        }
        return descriptor
    }

    private func failure(_ code: Int32) -> ChatError {
        ChatError(
            .unavailable, "server \(url): \(String(cString: strerror(code)))",
            hint: code == EMFILE ? "raise the limit of open files with 'ulimit -n'" : nil)
    }

    private static func resolve(_ host: String, _ port: Int, _ url: String) throws(ChatError) -> sockaddr_in {
        var hints = addrinfo()
        hints.ai_family = AF_INET
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let first = list, let found = first.pointee.ai_addr
        else { throw ChatError(.unavailable, "server \(url): the host cannot be resolved") }
        defer { freeaddrinfo(list) }
        return found.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee }
    }
}
