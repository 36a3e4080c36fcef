import ChatCore
import ChatWire
import NIOCore
import NIOEmbedded
import Testing

@testable import ChatClient

/// The handler on a channel and a clock of the test.
@Suite(.timeLimit(.minutes(1))) struct WebSocketHandlerTests {
    private struct Client: Sendable {
        let channel = NIOAsyncTestingChannel()
        let inbox = Inbox { _ in false }
        let handshake = ClientHandshake("/ws", authority: "h:1", token: "t")
        let address: ServerAddress
        let opened: EventLoopPromise<Void>

        init() throws {
            address = try ServerAddress("http://h:1")
            opened = channel.eventLoop.makePromise()
        }

        var acceptance: [UInt8] {
            Array("HTTP/1.1 101 x\r\nSec-WebSocket-Accept: \(WebSocketHandshake.accept(handshake.key))\r\n\r\n".utf8)
        }

        func receive(_ bytes: [UInt8]) async throws { try await channel.writeInbound(ByteBuffer(bytes: bytes)) }

        func wait(_ time: TimeAmount) async { await channel.testingEventLoop.advanceTime(by: time) }

        /// The frames that were sent since the last call.
        func sent() async throws -> [FrameDecoder.Output] {
            var decoder = FrameDecoder(role: .server)
            while let buffer = try await channel.readOutbound(as: ByteBuffer.self) { decoder.feed(buffer) }
            var frames: [FrameDecoder.Output] = []
            while let frame = try decoder.next() { frames.append(frame) }
            return frames
        }

        /// What the one who opens the connection gets for an error.
        func error() async -> ChatError? {
            do {
                try await opened.futureResult.get()
                return nil
            } catch {
                return address.fault(error)
            }
        }

        func event() async -> WebSocketEvent? { await inbox.next {} }

        /// A channel of this kind always answers true itself, so what was set is looked at.
        var isReading: Bool {
            channel.options.allSatisfy { option in
                !(option.option is ChannelOptions.Types.AutoReadOption) || option.value as? Bool == true
            }
        }
    }

    /// Runs a test on a connected channel whose handshake is on its way.
    private func connected(_ test: (Client) async throws -> Void) async throws {
        let client = try Client()
        try await client.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).get()
        try await client.channel.eventLoop.submit {
            try client.channel.pipeline.syncOperations.addHandler(
                WebSocketHandler(
                    client.handshake, address: client.address, inbox: client.inbox, opened: client.opened))
        }.get()
        try await test(client)
        _ = try await client.channel.finish(acceptAlreadyClosed: true)
    }

    /// Runs a test on a connection whose handshake is done.
    private func accepted(_ test: (Client) async throws -> Void) async throws {
        try await connected { client in
            _ = try await client.channel.readOutbound(as: ByteBuffer.self)
            try await client.receive(client.acceptance)
            #expect(await client.error() == nil)
            try await test(client)
        }
    }

    // MARK: Handshake

    @Test func `the handshake has the fields of RFC 6455`() async throws {
        try await connected { client in
            let request = try #require(try await client.channel.readOutbound(as: ByteBuffer.self))
            #expect(
                String(buffer: request)
                    == "GET /ws HTTP/1.1\r\nHost: h:1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(client.handshake.key)\r\n"
                    + "Authorization: Bearer t\r\nUser-Agent: chatctl\r\n\r\n")
            #expect(WebSocketHandshake.isValid(key: client.handshake.key))
            #expect(ClientHandshake("/ws", authority: "h", token: "t").key != client.handshake.key)
        }
    }

    @Test func `frames right behind the acceptance are read`() async throws {
        try await connected { client in
            try await client.receive(client.acceptance + WebSocketFrame.encode(.text, [65]))
            #expect(await client.error() == nil)
            #expect(await client.event() == .text([65]))
        }
    }

    @Test func `a refused handshake fails with the server's error and closes`() async throws {
        try await connected { client in
            let body = #"{"error":{"code":"disabled","message":"account: disabled"}}"#
            let head = "HTTP/1.1 403 No\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            try await client.receive(Array((head + body).utf8))
            #expect(await client.error() == ChatError(.disabled, "account: disabled"))
            #expect(!client.channel.isActive)
        }
    }

    @Test(arguments: ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 101 x\r\n\r\n", "SSH-2.0\r\n\r\n"])
    func `what is no WebSocket server is a configuration fault`(answer: String) async throws {
        try await connected { client in
            try await client.receive(Array(answer.utf8))
            #expect(await client.error()?.code == .configuration)
        }
    }

    @Test func `a handshake without an answer times out after ten seconds`() async throws {
        try await connected { client in
            await client.wait(.milliseconds(9_999))
            #expect(client.channel.isActive)
            await client.wait(.milliseconds(1))
            #expect(await client.error()?.code == .timedOut)
            #expect(!client.channel.isActive)
        }
    }

    @Test func `a connection that ends fails the handshake`() async throws {
        try await connected { client in
            try await client.channel.close().get()
            #expect(await client.error()?.code == .unavailable)
        }
    }

    // MARK: Frames

    @Test func `a ping is answered, a pong and a binary frame are not`() async throws {
        try await accepted { client in
            try await client.receive(WebSocketFrame.encode(.pong, [3]) + WebSocketFrame.encode(.binary, [4]))
            #expect(try await client.sent().isEmpty)
            try await client.receive(WebSocketFrame.encode(.ping, [1, 2]))
            #expect(try await client.sent() == [.pong])
        }
    }

    @Test func `a close is repeated and ends the events with its code`() async throws {
        try await accepted { client in
            try await client.receive(WebSocketFrame.close(4001) + WebSocketFrame.encode(.text, [65]))
            #expect(try await client.sent() == [.close(code: 4001)])
            #expect(!client.channel.isActive)
            #expect(await client.event() == .closed(code: 4001))
        }
    }

    @Test func `a close without a code counts as 1005`() async throws {
        try await accepted { client in
            try await client.receive(WebSocketFrame.encode(.close, []))
            #expect(await client.event() == .closed(code: 1005))
        }
    }

    @Test(
        arguments: [
            ([0xc1, 0], 1002), ([0x81, 0x80, 0, 0, 0, 0], 1002), ([0x81, 1, 0xff], 1007),
            ([0x81, 127, 0, 0, 0, 0, 1, 0, 0, 1], 1009),
        ] as [([UInt8], UInt16)])
    func `a breach of the protocol is answered with its code`(bytes: [UInt8], code: UInt16) async throws {
        try await accepted { client in
            try await client.receive(bytes)
            #expect(try await client.sent() == [.close(code: code)])
            #expect(await client.event() == .closed(code: 1006))
        }
    }

    @Test func `a connection that breaks ends the events with 1006`() async throws {
        try await accepted { client in
            try await client.receive(WebSocketFrame.encode(.text, [65]))
            try await client.channel.close().get()
            #expect(await client.event() == .text([65]))
            #expect(await client.event() == .closed(code: 1006))
        }
    }

    @Test func `a full inbox stops reading`() async throws {
        try await accepted { client in
            let half = WebSocketFrame.encode(.text, [UInt8](repeating: 65, count: Inbox.high / 2))
            try await client.receive(half)
            #expect(client.isReading)
            try await client.receive(half)
            #expect(!client.isReading)
        }
    }

    // MARK: Silence

    @Test func `a silent server is pinged, then given up`() async throws {
        try await accepted { client in
            await client.wait(.seconds(14))
            let early = try await client.sent()
            await client.wait(.seconds(1))
            let late = try await client.sent()
            #expect(early.isEmpty && late == [.ping([])])
            await client.wait(.seconds(24))
            #expect(client.channel.isActive)
            await client.wait(.seconds(1))
            #expect(!client.channel.isActive)
            #expect(await client.event() == .closed(code: 1006))
        }
    }

    @Test func `a server that says anything is not given up`() async throws {
        try await accepted { client in
            for _ in 0..<10 {
                await client.wait(.seconds(30))
                try await client.receive(WebSocketFrame.encode(.pong, []))
            }
            #expect(client.channel.isActive)
        }
    }
}
