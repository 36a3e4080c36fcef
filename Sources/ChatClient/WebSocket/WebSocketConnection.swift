import ChatCore
import ChatWire
import FoundationEssentials
import NIOCore

/// What a client opens a WebSocket with (RFC 6455 §4.1).
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

/// An open WebSocket, for one reader; closed when nobody holds it any more.
package final class WebSocketConnection: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    deinit {
        close()
    }

    /// Connects and shakes hands.
    ///
    /// - Throws: `unavailable` when the server cannot be reached; what it answered when it refused.
    package static func open(
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
        let inbox = Inbox()
        let channel = try await dialer.connect { _ in }
        do {
            let opened = channel.eventLoop.makePromise(of: Void.self)
            try await channel.eventLoop.flatSubmit {
                let handler = WebSocketHandler(handshake, address: address, inbox: inbox, opened: opened)
                do {
                    try channel.pipeline.syncOperations.addHandler(handler)
                } catch {
                    opened.fail(error)
                }
                return opened.futureResult
            }.get()
        } catch {
            throw address.fault(error)
        }
        return WebSocketConnection(channel: channel, inbox: inbox)
    }

    /// Sends one text frame.
    package func send(_ text: [UInt8]) {
        let frame = WebSocketFrame.encode(.text, text, mask: WebSocketHandler.mask())
        channel.writeAndFlush(ByteBuffer(bytes: frame), promise: nil)
    }

    /// The next event, nil when the task is cancelled; after `closed` it gives that again.
    package func next() async -> WebSocketEvent? {
        await inbox.next { channel.setOption(.autoRead, value: true).whenFailure { _ in } }
    }

    /// Says goodbye and closes; harmless when closed already.
    package func close() {
        let frame = WebSocketFrame.close(CloseCode.normal.rawValue, mask: WebSocketHandler.mask())
        channel.writeAndFlush(ByteBuffer(bytes: frame), promise: nil)
        channel.close(promise: nil)
    }
}
