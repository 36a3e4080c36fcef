import ChatCore
import ChatWire
import FoundationEssentials
import NIOCore

/// The opening handshake of a client (RFC 6455 §4.1).
struct ClientHandshake: Sendable {
    let key: String
    let request: String

    init(_ path: String, authority: String, token: String) {
        let key = Data((0..<16).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
        self.key = key
        request = [
            "GET \(path) HTTP/1.1", "Host: \(authority)", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: \(key)", "Authorization: Bearer \(token)",
            "User-Agent: chatctl", "\r\n",
        ].joined(separator: "\r\n")
    }
}

/// An open WebSocket, for one reader. Closes when it is released.
final class WebSocketConnection: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    deinit {
        close()
    }

    /// Connects and performs the handshake.
    ///
    /// - Throws: `unavailable` when the server cannot be reached, the server's own error when it refuses, `interrupted`
    ///   when the task is cancelled.
    static func open(
        _ path: String = "/ws", at address: ServerAddress, token: String
    ) async throws(ChatError) -> WebSocketConnection {
        try await open(path, by: Dialer(address), token: token)
    }

    static func open(
        _ path: String, by dialer: Dialer, token: String
    ) async throws(ChatError) -> WebSocketConnection {
        guard !token.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7f }) else {
            throw ChatError(.unauthenticated, "token: holds characters that no token has")
        }
        let address = dialer.address
        let handshake = ClientHandshake(path, authority: address.authority, token: token)
        let inbox = Inbox(isPassing: ReceivedFrame.isPassing)
        let channel = try await dialer.connect { _ in }
        do {
            try await withTaskCancellationHandler {
                try await shakeHands(handshake, address, inbox, on: channel).get()
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch {
            throw Task.isCancelled ? .wrapping(CancellationError()) : address.fault(error)
        }
        return WebSocketConnection(channel: channel, inbox: inbox)
    }

    private static func shakeHands(
        _ handshake: ClientHandshake, _ address: ServerAddress, _ inbox: Inbox, on channel: any Channel
    ) -> EventLoopFuture<Void> {
        let opened = channel.eventLoop.makePromise(of: Void.self)
        return channel.eventLoop.flatSubmit {
            let handler = WebSocketHandler(handshake, address: address, inbox: inbox, opened: opened)
            do {
                try channel.pipeline.syncOperations.addHandler(handler)
            } catch {
                opened.fail(error)
            }
            return opened.futureResult
        }
    }

    /// Sends one text frame.
    func send(_ text: [UInt8]) {
        let frame = WebSocketFrame.encode(.text, text, mask: WebSocketHandler.mask())
        channel.writeAndFlush(ByteBuffer(bytes: frame), promise: nil)
    }

    /// Waits for the next event; nil when the task is cancelled. After `closed`, returns it again.
    func next() async -> WebSocketEvent? {
        await inbox.next { channel.setOption(.autoRead, value: true).whenFailure { _ in } }
    }

    /// Sends a close frame and closes. No-op when closed already.
    func close() {
        let frame = WebSocketFrame.close(CloseCode.normal.rawValue, mask: WebSocketHandler.mask())
        channel.writeAndFlush(ByteBuffer(bytes: frame), promise: nil)
        channel.close(promise: nil)
    }
}
