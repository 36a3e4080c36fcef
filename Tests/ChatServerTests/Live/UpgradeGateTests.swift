import ChatCore
import ChatHTTP
import ChatTestKit
import ChatWire
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import ChatServer

/// What becomes of a connection by its requests.
@Suite struct UpgradeGateTests {
    private static let handshake = [
        "Host: chat.example", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]

    private func request(_ path: String = "/ws", _ more: String..., without field: String? = nil) -> String {
        let fields = Self.handshake.filter { field == nil || !$0.hasPrefix(field ?? "") }
        return (["GET \(path) HTTP/1.1"] + fields + more).joined(separator: "\r\n") + "\r\n\r\n"
    }

    // MARK: Accepted

    @Test func `a handshake with a token becomes a WebSocket, which joins and posts`() async throws {
        let line = try await TestLine()
        try await line.send(request("/ws", "Authorization: Bearer \(line.token)"))
        let head = try await line.received(until: "\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 101 "))
        #expect(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
        #expect(line.node.chat.connectionCount == 1)
        try await line.send(frame: #"{"event":"join","room":"general","ref":"1"}"#)
        _ = try await line.received(until: #""event":"joined""#)
        try await line.send(frame: #"{"event":"message","room":"general","body":"hi","ref":"2"}"#)
        let answer = try await line.received(until: #""event":"ack""#)
        #expect(answer.contains(#""seq":1"#))
        await line.close()
        #expect(line.node.chat.connectionCount == 0)
    }

    @Test func `frames that came with the handshake are not lost`() async throws {
        let line = try await TestLine()
        try await line.send(
            Array(request("/ws", "Authorization: Bearer \(line.token)").utf8)
                + WebSocketFrame.encode(.text, Array(#"{"event":"ping","ref":"7"}"#.utf8), mask: 7))
        _ = try await line.received(until: #""event":"pong""#)
        await line.close()
    }

    /// NIOSSL encrypts each write that waits into a buffer of 16 KiB: short messages to a client that stalls held many times
    /// what was counted for it.
    @Test func `a socket that is behind has one write on its way, and nothing is lost`() async throws {
        let line = try await TestLine()
        try await line.send(request("/ws/chatroom/general", "Authorization: Bearer \(line.token)"))
        _ = try await line.received(until: "online_count")
        let stall = Stall()
        let loop = line.channel.testingEventLoop
        try await loop.executeInContext { [channel = line.channel, stall] in
            try channel.pipeline.syncOperations.addHandler(stall, position: .first)
        }
        let root = line.node.service(for: line.root)
        for number in 1...50 {
            _ = try await root.send(MessageBody("#\(number)#"), to: RoomName("general"), clientID: nil)
        }
        // Answered in order, so whatever it is told of was sent or queued before.
        try await line.send(frame: #"{"event":"ping"}"#)
        let isQueued = try await eventually {
            await loop.run()
            return try await loop.executeInContext { stall.held.count == 1 }
        }
        #expect(isQueued)
        var all = ""
        let came = try await eventually {
            await loop.run()
            all += try await loop.executeInContext {
                #expect(stall.held.count <= 1)
                return stall.letOne()
            }
            return all.contains("#50#")
        }
        #expect(came)
        for number in 1...50 { #expect(all.ranges(of: "#\(number)#").count == 1) }
        await line.close()
    }

    /// A socket that takes nothing by itself.
    private final class Stall: ChannelOutboundHandler, @unchecked Sendable {
        // Used on the loop only.
        typealias OutboundIn = ByteBuffer

        var held: [(ByteBuffer, EventLoopPromise<Void>?)] = []

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            held.append((unwrapOutboundIn(data), promise))
        }

        func letOne() -> String {
            guard !held.isEmpty else { return "" }
            let (bytes, promise) = held.removeFirst()
            promise?.succeed()
            return String(buffer: bytes)
        }
    }

    @Test func `the form of one room is in it at once`() async throws {
        let line = try await TestLine()
        try await line.send(request("/ws/chatroom/general", "Authorization: Bearer \(line.token)"))
        _ = try await line.received(until: "online_count")
        await line.close()
    }

    // MARK: Refused

    @Test(
        arguments: [
            ("/ws", "", 401), ("/ws", "Authorization: Bearer wrong", 401), ("/ws", "Authorization: Bearer TOKEN", 101),
            ("/ws/chatroom/nowhere", "Authorization: Bearer TOKEN", 404),
            ("/ws/chatroom/a%20b", "Authorization: Bearer TOKEN", 404),
            ("/ws/chatroom/secret", "Authorization: Bearer TOKEN", 403),
            ("/ws/elsewhere", "Authorization: Bearer TOKEN", 404),
            ("/ws", "Cookie: chatctl_session=TOKEN", 403),
            ("/ws", "Cookie: chatctl_session=TOKEN\r\nOrigin: http://evil.example", 403),
            ("/ws", "Cookie: chatctl_session=TOKEN\r\nOrigin: http://chat.example", 101),
            ("/ws", "Cookie: chatctl_session=TOKEN\r\nOrigin: https://friend.example", 101),
            ("/ws", "Authorization: Bearer TOKEN\r\nContent-Length: 1\r\n\r\nx", 400),
        ] as [(String, String, Int)])
    func `each handshake gets its status`(path: String, fields: String, status: Int) async throws {
        let line = try await TestLine()
        let fields = fields.replacing("TOKEN", with: line.token)
        try await line.send(fields.isEmpty ? request(path) : request(path, fields))
        let head = try await line.received(until: "\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 \(status) "), "\(head)")
        if status != 101 { #expect(head.lowercased().contains("connection: close")) }
        await line.close()
    }

    @Test func `a handshake of another version is told which is spoken`() async throws {
        let line = try await TestLine()
        let old = request("/ws", "Sec-WebSocket-Version: 8", without: "Sec-WebSocket-Version")
        try await line.send(old)
        let head = try await line.received(until: "\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 426 ") && head.contains("Sec-WebSocket-Version: 13"))
        await line.close()
    }

    @Test func `what is no HTTP is told so`() async throws {
        let line = try await TestLine()
        try await line.send(Array("\u{16}\u{3}\u{1} what\r\n\r\n".utf8))
        #expect(try await line.received(until: "\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
        await line.close()
    }

    @Test func `one more connection than a user may hold is refused`() async throws {
        let line = try await TestLine()
        for _ in 1...Limits.connectionsPerUser { try line.node.chat.openConnection(of: line.alice) }
        try await line.send(request("/ws", "Authorization: Bearer \(line.token)"))
        #expect(try await line.received(until: "\r\n\r\n").hasPrefix("HTTP/1.1 429 "))
        #expect(line.node.chat.connectionCount == Limits.connectionsPerUser)
        await line.close()
    }

    // MARK: Neither

    @Test func `any other request becomes plain HTTP`() async throws {
        let line = try await TestLine()
        try await line.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        guard case .http = try await line.kind.futureResult.get() else {
            Issue.record("not HTTP")
            return
        }
        await line.close()
    }

    @Test func `who says nothing for ten seconds is closed`() async throws {
        let line = try await TestLine()
        await line.channel.testingEventLoop.advanceTime(by: .seconds(9))
        #expect(line.channel.isActive)
        await line.channel.testingEventLoop.advanceTime(by: .seconds(1))
        #expect(!line.channel.isActive)
        await line.close()
    }

    @Test(arguments: ["GET /ws", "POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"])
    func `half a request that trickles is ended with 408`(start: String) async throws {
        let line = try await TestLine()
        try await line.send(start)
        for _ in 1...9 {
            await line.channel.testingEventLoop.advanceTime(by: .seconds(1))
            try await line.send("x")
        }
        await line.channel.testingEventLoop.advanceTime(by: .seconds(1))
        let head = try await line.received(until: "timed_out")
        #expect(head.hasPrefix("HTTP/1.1 408 ") && head.contains("Connection: close"))
        await line.channel.testingEventLoop.advanceTime(by: .seconds(1))
        #expect(!line.channel.isActive)
        await line.close()
    }

    @Test func `rights that end while a handshake is judged end the connection`() async throws {
        let line = try await TestLine()
        try await line.send(request("/ws", "Authorization: Bearer \(line.token)"))
        // Before the connection is with its hub, where it would hear of it, or right after.
        try await line.node.service(for: line.root).revokeToken(line.tokenID, of: line.alice.username)
        _ = try await line.received(until: "\r\n\r\n")
        let isClosed = try await eventually {
            await line.channel.testingEventLoop.run()
            while try await line.channel.readOutbound(as: ByteBuffer.self) != nil {}
            await line.channel.testingEventLoop.advanceTime(by: .seconds(1))
            return !line.channel.isActive
        }
        #expect(isClosed)
        await line.close()
    }
}
