import ChatCore
import Glibc

// A generator must cost less than what it measures. So this one is a loop over epoll(7) and recv(2) on a thread of its
// own, with no framework, task or allocation between a frame and its ledger. Refused: NIO, which everything else that
// talks to sockets here uses, and ChatClient, whose own faults would then be measured too.

/// Handles what the generator's connections receive; called on the generator's thread.
protocol LoadReceiver: AnyObject {
    /// The handshake is complete.
    func opened(_ socket: LoadSocket)
    /// A text frame has arrived.
    func received(_ payload: UnsafeRawBufferPointer, on socket: LoadSocket, at now: UInt64)
}

/// Many WebSocket connections on one thread.
final class LoadGenerator {
    private(set) var sockets: [LoadSocket] = []
    /// Why the run cannot go on: the first connection that the server refused or ended.
    private(set) var failure: ChatError?
    let endpoint: Endpoint
    private let handshake: Handshake
    private unowned let receiver: any LoadReceiver
    private let poller: Poller
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)

    /// - Parameter receiver: must outlive the generator.
    init(_ server: ServerUnderTest, path: String, receiver: any LoadReceiver) throws(ChatError) {
        endpoint = server.endpoint
        handshake = Handshake(server, path: path)
        self.receiver = receiver
        poller = try Poller()
    }

    deinit { buffer.deallocate() }

    /// Starts one more connection.
    func connect() throws(ChatError) {
        let socket = try LoadSocket(index: sockets.count, to: endpoint)
        sockets.append(socket)
        poller.watch(socket, writes: true, isNew: true)
    }

    /// Sends a text frame.
    func send(_ text: [UInt8], on socket: LoadSocket) { send(frames: FrameBytes.frame(text), on: socket) }

    /// Sends frames that ``FrameBytes`` has made.
    func send(frames: [UInt8], on socket: LoadSocket) {
        if !socket.send(frames) { poller.watch(socket, writes: true, isNew: false) }
    }

    /// Waits for events, `milliseconds` at most, and handles them.
    func turn(milliseconds: Int32) {
        poller.wait(milliseconds: milliseconds) { index, canRead, canWrite in
            let socket = sockets[index]
            if canWrite { becameWritable(socket) }
            if canRead { read(socket) }
        }
    }

    /// Takes turns until the time is over or `isDone`.
    func turn(for limit: UInt64, until isDone: () -> Bool) {
        let start = LoadClock.now()
        while LoadClock.now().since(start) < limit, !isDone() { turn(milliseconds: 20) }
    }

    func closeAll() {
        for socket in sockets { socket.close() }
    }

    // MARK: One socket

    private func becameWritable(_ socket: LoadSocket) {
        if socket.phase == .connecting {
            socket.phase = .upgrading
            _ = socket.send(Array(handshake.request(for: socket.index).utf8))
        }
        if socket.sendRest() { poller.watch(socket, writes: false, isNew: false) }
    }

    private func read(_ socket: LoadSocket) {
        guard socket.phase != .closed else { return }
        let kept = socket.incomplete.count
        guard kept < buffer.count / 2 else { return lose(socket, "sent a frame that is too long") }
        if kept > 0 { buffer.copyBytes(from: socket.incomplete) }
        let count = recv(socket.descriptor, buffer.baseAddress?.advanced(by: kept), buffer.count - kept, 0)
        guard count > 0 else {
            if count == 0 || errno != EAGAIN && errno != EINTR { lose(socket, "closed the connection") }
            return
        }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<(kept + count)])
        let now = LoadClock.now()
        if socket.phase == .open { receive(bytes, on: socket, now) } else { upgrade(socket, bytes, now) }
    }

    private func upgrade(_ socket: LoadSocket, _ bytes: UnsafeRawBufferPointer, _ now: UInt64) {
        guard case .complete(let status, _, let length) = ResponseHead(bytes) else { return socket.keep(bytes) }
        guard status.hasPrefix("HTTP/1.1 101") else { return lose(socket, "answered '\(status)'") }
        socket.phase = .open
        receiver.opened(socket)
        receive(UnsafeRawBufferPointer(rebasing: bytes[length...]), on: socket, now)
    }

    private func receive(_ bytes: UnsafeRawBufferPointer, on socket: LoadSocket, _ now: UInt64) {
        socket.frames(in: bytes) { opcode, payload in
            switch opcode {
            case FrameBytes.text: receiver.received(payload, on: socket, at: now)
            case FrameBytes.close:
                let code = FrameBytes.closeCode(payload).map { " with code \($0)" } ?? ""
                lose(socket, "closed the connection\(code)")
            case FrameBytes.ping:
                send(frames: FrameBytes.frame(Array(payload), opcode: FrameBytes.pong), on: socket)
            default: break
            }
        }
    }

    private func lose(_ socket: LoadSocket, _ what: String) {
        guard socket.phase != .closed else { return }
        socket.close()
        if failure == nil { failure = ChatError(.unavailable, "server \(endpoint.url): it \(what)") }
    }
}
