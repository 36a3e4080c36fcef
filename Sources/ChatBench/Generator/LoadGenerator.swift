import ChatCore
import ChatWire
import Glibc

// A generator must cost less than what it measures. So this one is a loop over epoll(7) and recv(2) on a thread of its
// own, with no framework, task or allocation between a frame and its ledger; all else in chatctl uses NIO.

/// What a scenario does with what its connections hear; called on the generator's thread.
protocol LoadScenario: AnyObject {
    /// The handshake is done.
    func opened(_ socket: LoadSocket)
    /// A text frame has come.
    func heard(_ socket: LoadSocket, _ payload: UnsafeRawBufferPointer, at now: UInt64)
}

/// Many WebSocket connections on one thread.
final class LoadGenerator {
    let place: BenchPlace
    private(set) var sockets: [LoadSocket] = []
    /// Connections that the server ended.
    private(set) var lost = 0
    /// Why the run cannot go on.
    private(set) var failure: ChatError?
    unowned let scenario: any LoadScenario
    private let poller: Poller
    private let path: String
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)

    init(_ place: BenchPlace, path: String, scenario: any LoadScenario) throws(ChatError) {
        self.place = place
        self.path = path
        self.scenario = scenario
        poller = try Poller()
    }

    deinit { buffer.deallocate() }

    /// Begins one more connection.
    func connect() throws(ChatError) {
        let socket = try LoadSocket(index: sockets.count, to: place.address)
        socket.startedAt = LoadClock.now()
        sockets.append(socket)
        poller.watch(socket, writes: true, isNew: true)
    }

    /// Sends a text frame; the mask is zero, which RFC 6455 §5.3 allows and costs nothing.
    func send(_ socket: LoadSocket, _ text: [UInt8]) {
        if !socket.send(Self.frame(text)) { poller.watch(socket, writes: true, isNew: false) }
    }

    /// Sends frames that were made with ``frame(_:opcode:)``.
    func sendFrames(_ socket: LoadSocket, _ frames: [UInt8]) {
        if !socket.send(frames) { poller.watch(socket, writes: true, isNew: false) }
    }

    static func frame(_ payload: [UInt8], opcode: UInt8 = 1) -> [UInt8] {
        var frame: [UInt8] = [0x80 | opcode]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [
                0x80 | 126, UInt8(truncatingIfNeeded: payload.count >> 8), UInt8(truncatingIfNeeded: payload.count),
            ]
        }
        return frame + [0, 0, 0, 0] + payload
    }

    /// Waits for what comes and deals with it.
    func turn(milliseconds: Int32) {
        poller.wait(milliseconds: milliseconds) { index, canRead, canWrite in
            let socket = sockets[index]
            if canWrite { becameWritable(socket) }
            if canRead { read(socket) }
        }
    }

    func closeAll() {
        for socket in sockets { socket.close() }
    }

    // MARK: One socket

    private func becameWritable(_ socket: LoadSocket) {
        if socket.phase == .connecting {
            socket.phase = .upgrading
            _ = socket.send(Array(handshake(for: socket.index).utf8))
        }
        if socket.sendRest() { poller.watch(socket, writes: false, isNew: false) }
    }

    private func read(_ socket: LoadSocket) {
        guard socket.phase != .closed else { return }
        let kept = socket.rest.count
        guard kept < buffer.count / 2 else { return lose(socket, "sent a frame that is too long") }
        if kept > 0 { buffer.copyBytes(from: socket.rest) }
        let count = recv(socket.descriptor, buffer.baseAddress?.advanced(by: kept), buffer.count - kept, 0)
        guard count > 0 else {
            if count == 0 || errno != EAGAIN && errno != EINTR { lose(socket, "ended the connection") }
            return
        }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<(kept + count)])
        let now = LoadClock.now()
        if socket.phase == .open { return hear(socket, bytes, now) }
        guard let end = Self.endOfHead(bytes) else { return socket.keep(bytes) }
        let head = String(decoding: bytes[..<end], as: UTF8.self)
        guard head.hasPrefix("HTTP/1.1 101") else {
            return lose(socket, "answered '\(head.prefix { $0 != "\r" && $0 != "\r\n" })'")
        }
        socket.phase = .open
        scenario.opened(socket)
        hear(socket, UnsafeRawBufferPointer(rebasing: bytes[end...]), now)
    }

    private func hear(_ socket: LoadSocket, _ bytes: UnsafeRawBufferPointer, _ now: UInt64) {
        socket.frames(in: bytes) { opcode, payload in
            switch opcode {
            case 1: scenario.heard(socket, payload, at: now)
            case 8: lose(socket, "closed the connection" + Self.reason(payload))
            case 9: sendFrames(socket, Self.frame(Array(payload), opcode: 10))
            default: break
            }
        }
    }

    private func lose(_ socket: LoadSocket, _ what: String) {
        guard socket.phase != .closed else { return }
        socket.close()
        lost += 1
        if failure == nil {
            failure = ChatError(.unavailable, "server \(place.url): it \(what)")
        }
    }

    private static func reason(_ payload: UnsafeRawBufferPointer) -> String {
        payload.count >= 2 ? " with \(Int(payload[0]) << 8 | Int(payload[1]))" : ""
    }

    private static func endOfHead(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 3..<bytes.count
        where bytes[index] == 10 && bytes[index - 1] == 13 && bytes[index - 2] == 10 && bytes[index - 3] == 13 {
            return index + 1
        }
        return nil
    }

    private func handshake(for index: Int) -> String {
        var lines = [
            "GET \(path) HTTP/1.1", "Host: \(place.authority)", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: Y2hhdGN0bCBiZW5jaC4uLg==",
        ]
        switch place.proof {
        case .tokens(let tokens): lines.append("Authorization: Bearer \(tokens[index % tokens.count])")
        case .cookie(let cookie): lines += ["Cookie: \(cookie)", "Origin: http://\(place.authority)"]
        }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }
}
