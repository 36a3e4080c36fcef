import Foundation
import Glibc
import Synchronization

@testable import ChatBench

/// A server on loopback with just enough of the protocol for a generator: it upgrades, answers joins and acks, and
/// broadcasts what it is told. Each connection has a thread; stopping it ends them all.
final class TinyServer: Sendable {
    /// What it does otherwise than a good server.
    struct Faults: Sendable {
        /// The status of its answer to a handshake.
        var status = "101 Switching Protocols"
        /// Closes instead of answering a message.
        var closesOnMessage = false
        /// Messages, counted from 0, that the last connection does not get.
        var loses: @Sendable (Int) -> Bool = { _ in false }
        /// Messages that it refuses.
        var refuses: @Sendable (Int) -> Bool = { _ in false }
        /// Sends a ping after the handshake, and joins nobody before the pong.
        var pings = false
    }

    private struct State {
        var open: [Int32] = []
        var messages = 0
    }

    let port: Int
    var url: String { "http://127.0.0.1:\(port)" }
    private let listener: Int32
    private let faults: Faults
    private let state = Mutex(State())

    init(_ faults: Faults = Faults()) throws {
        self.faults = faults
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRINUSE) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in accept() }
    }

    /// Ends all connections and takes no more.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { for descriptor in $0.open { shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }

    private func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            Thread.detachNewThread { [self] in
                serve(descriptor)
                state.withLock { $0.open.removeAll { $0 == descriptor } }
                close(descriptor)
            }
        }
        close(listener)
    }

    private func serve(_ descriptor: Int32) {
        guard let head = readHead(descriptor) else { return }
        Self.write("HTTP/1.1 \(faults.status)\r\nUpgrade: websocket\r\n\r\n", to: descriptor)
        guard faults.status.hasPrefix("101") else { return }
        if faults.pings {
            Self.write([0x89, 2, 65, 66], to: descriptor)
            guard let pong = readFrame(descriptor), pong.opcode == 10, pong.payload == [65, 66] else { return }
        }
        state.withLock { state in
            state.open.append(descriptor)
            if head.contains("/ws/chatroom/") {
                Self.send(#"{"event":"online_count","online_count":1}"#, to: descriptor)
            }
        }
        while let frame = readFrame(descriptor), frame.opcode == 1 {
            let text = String(decoding: frame.payload, as: UTF8.self)
            if text.contains(#""event":"join""#) {
                state.withLock { _ in Self.send(#"{"ok":true,"event":"joined"}"#, to: descriptor) }
            } else if faults.closesOnMessage {
                Self.write([0x88, 2, 0x0f, 0xa8], to: descriptor)
                return
            } else {
                post(text, from: descriptor)
            }
        }
    }

    private func post(_ text: String, from sender: Int32) {
        let ref = text.split(separator: "\"ref\":").last?.prefix { $0.isNumber } ?? ""
        state.withLock { state in
            let number = state.messages
            state.messages += 1
            if faults.refuses(number) {
                return Self.send(#"{"ok":false,"event":"error","ref":\#(ref),"code":"muted"}"#, to: sender)
            }
            Self.send(#"{"ok":true,"event":"ack","ref":\#(ref)}"#, to: sender)
            let isLost = faults.loses(number)
            for descriptor in isLost ? state.open.dropLast() : state.open[...] { Self.send(text, to: descriptor) }
        }
    }

    // MARK: Bytes

    private func readHead(_ descriptor: Int32) -> String? {
        var head = ""
        while !head.hasSuffix("\r\n\r\n") {
            guard let byte = Self.read(1, from: descriptor)?.first else { return nil }
            head.unicodeScalars.append(Unicode.Scalar(byte))
        }
        return head
    }

    private func readFrame(_ descriptor: Int32) -> (opcode: UInt8, payload: [UInt8])? {
        guard let head = Self.read(2, from: descriptor) else { return nil }
        var size = Int(head[1] & 0x7f)
        if size == 126 {
            guard let long = Self.read(2, from: descriptor) else { return nil }
            size = Int(long[0]) << 8 | Int(long[1])
        }
        guard Self.read(4, from: descriptor) == [0, 0, 0, 0], let payload = Self.read(size, from: descriptor) else {
            return nil
        }
        return (head[0] & 0x0f, payload)
    }

    private static func read(_ count: Int, from descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return recv(descriptor, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
    }

    private static func send(_ text: String, to descriptor: Int32) {
        let payload = Array(text.utf8)
        let size =
            payload.count < 126
            ? [UInt8(payload.count)] : [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        write([0x81] + size + payload, to: descriptor)
    }

    private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
