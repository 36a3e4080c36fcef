import ChatCore
import ChatWire
import Glibc

/// One connection of the generator: a plain non-blocking socket, so that the generator costs as little as can be.
/// Confined to the generator's thread.
final class LoadSocket {
    enum Phase {
        case connecting
        /// The handshake was sent.
        case upgrading
        case open
        case closed
    }

    let index: Int
    let descriptor: Int32
    var phase = Phase.connecting
    /// Bytes of a frame or of the handshake's answer that is not whole.
    private(set) var rest: [UInt8] = []
    /// Bytes that the socket did not take.
    private var unsent: [UInt8] = []
    /// When connecting began, in nanoseconds.
    var startedAt: UInt64 = 0
    /// Where the last marker stood in a frame.
    var hint = 0

    /// - Throws: `unavailable` when the process has no descriptor left or nobody listens.
    init(index: Int, to address: sockaddr_in) throws(ChatError) {
        self.index = index
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Self.failure("socket") }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = address
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 || errno == EINPROGRESS else { throw Self.failure("connection") }
    }

    deinit { if phase != .closed { Glibc.close(descriptor) } }

    func close() {
        guard phase != .closed else { return }
        phase = .closed
        Glibc.close(descriptor)
    }

    /// Sends bytes, or keeps what the socket does not take. Whether all of it is gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        guard phase != .closed else { return true }
        guard unsent.isEmpty else {
            unsent += bytes
            return false
        }
        let sent = max(0, Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)))
        if sent < bytes.count { unsent = Array(bytes[sent...]) }
        return unsent.isEmpty
    }

    /// Goes on with what was kept. Whether all of it is gone.
    func sendRest() -> Bool {
        let bytes = unsent
        unsent = []
        return bytes.isEmpty || send(bytes)
    }

    /// The whole frames of what one read brought; what is left of the last is kept for the next read.
    ///
    /// `buffer` begins with ``rest``, which was put there before the read. `frame` gets an opcode and a payload.
    func frames(in buffer: UnsafeRawBufferPointer, _ frame: (UInt8, UnsafeRawBufferPointer) -> Void) {
        var start = 0
        while buffer.count - start >= 2 {
            let (first, second) = (buffer[start], buffer[start + 1] & 0x7f)
            var (header, length) = (2, Int(second))
            if second == 126 {
                guard buffer.count - start >= 4 else { break }
                (header, length) = (4, Int(buffer[start + 2]) << 8 | Int(buffer[start + 3]))
            } else if second == 127 {
                guard buffer.count - start >= 10 else { break }
                header = 10
                length = (0..<8).reduce(0) { $0 << 8 | Int(buffer[start + 2 + $1]) }
            }
            guard length <= buffer.count - start - header else { break }
            frame(first & 0x0f, UnsafeRawBufferPointer(rebasing: buffer[(start + header)..<(start + header + length)]))
            start += header + length
        }
        keep(UnsafeRawBufferPointer(rebasing: buffer[start...]))
    }

    func keep(_ bytes: UnsafeRawBufferPointer) {
        if rest.isEmpty, bytes.isEmpty { return }
        rest = Array(bytes)
    }

    private static func failure(_ what: String) -> ChatError {
        ChatError(
            .unavailable, "\(what): \(String(cString: strerror(errno)))",
            hint: errno == EMFILE ? "raise the limit of open files with 'ulimit -n'" : nil)
    }
}
