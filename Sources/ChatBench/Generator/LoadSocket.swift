import ChatCore
import Glibc

/// One connection of the generator: a plain non-blocking socket. Confined to the generator's thread.
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
    /// The beginning of a frame, or of the response to the handshake, whose other bytes have not arrived.
    private(set) var incomplete: [UInt8] = []
    /// Bytes that the kernel's send buffer had no room for.
    private var unsent: [UInt8] = []
    /// When connecting began, in nanoseconds.
    let startedAt = LoadClock.now()
    /// Where the last marker stood in a frame.
    var hint = 0

    /// - Throws: `unavailable` when the process has no descriptor left or nobody listens.
    init(index: Int, to endpoint: Endpoint) throws(ChatError) {
        self.index = index
        descriptor = try endpoint.open(isBlocking: false)
    }

    deinit { if phase != .closed { Glibc.close(descriptor) } }

    func close() {
        guard phase != .closed else { return }
        phase = .closed
        Glibc.close(descriptor)
    }

    /// Sends bytes and keeps those that the kernel has no room for; true when none are left.
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

    /// Retries the bytes that were kept; true when none are left.
    func sendRest() -> Bool {
        let bytes = unsent
        unsent = []
        return bytes.isEmpty || send(bytes)
    }

    /// Calls `frame` with the opcode and payload of each complete frame, and keeps an incomplete one for the next read.
    ///
    /// - Parameter buffer: begins with ``incomplete``, which was put there before the read.
    func frames(in buffer: UnsafeRawBufferPointer, _ frame: (UInt8, UnsafeRawBufferPointer) -> Void) {
        let end = FrameBytes.scan(buffer, frame)
        keep(UnsafeRawBufferPointer(rebasing: buffer[end...]))
    }

    func keep(_ bytes: UnsafeRawBufferPointer) {
        if incomplete.isEmpty, bytes.isEmpty { return }
        incomplete = Array(bytes)
    }
}
