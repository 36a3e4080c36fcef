import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import ChatClient

/// The handler on a channel and a clock of the test.
@Suite(.timeLimit(.minutes(1))) struct HTTPExchangeTests {
    private struct Client: Sendable {
        let channel = NIOAsyncTestingChannel()

        func ask(body: String? = nil) async throws -> EventLoopFuture<HTTPAnswer> {
            let promise = channel.eventLoop.makePromise(of: HTTPAnswer.self)
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
            try await channel.writeOutbound(
                HTTPExchange(head: head, body: body.map { ByteBuffer(string: $0) }, answer: promise))
            return promise.futureResult
        }

        func answer(_ status: HTTPResponseStatus, _ parts: [String], headers: HTTPHeaders = [:]) async throws {
            let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
            try await channel.writeInbound(HTTPClientResponsePart.head(head))
            for part in parts {
                try await channel.writeInbound(HTTPClientResponsePart.body(ByteBuffer(string: part)))
            }
            if channel.isActive { try await channel.writeInbound(HTTPClientResponsePart.end(nil)) }
        }

        func wait(_ time: TimeAmount) async { await channel.testingEventLoop.advanceTime(by: time) }
    }

    /// Runs a test on a connected channel with answers of at most 10 bytes within 30 s.
    private func connected(_ test: (Client) async throws -> Void) async throws {
        let client = Client()
        try await client.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).get()
        try await client.channel.eventLoop.submit {
            var bounds = HTTPClient.Bounds()
            bounds.answerTime = .seconds(30)
            bounds.answerBytes = 10
            try client.channel.pipeline.syncOperations.addHandler(HTTPExchangeHandler(bounds))
        }.get()
        try await test(client)
        _ = try await client.channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `a request is written whole`() async throws {
        try await connected { client in
            let future = try await client.ask(body: "hi")
            var parts: [String] = []
            while let part = try await client.channel.readOutbound(as: HTTPClientRequestPart.self) {
                switch part {
                case .head(let head): parts.append("\(head.method) \(head.uri)")
                case .body(.byteBuffer(let buffer)): parts.append(String(buffer: buffer))
                case .body(.fileRegion): parts.append("file")
                case .end: parts.append("end")
                }
            }
            #expect(parts == ["GET /", "hi", "end"])
            try await client.answer(.ok, [])
            _ = try await future.get()
        }
    }

    @Test func `answers on one connection do not mix`() async throws {
        try await connected { client in
            let answers: [(HTTPResponseStatus, [String])] = [(.ok, ["a", "b"]), (.notFound, []), (.created, ["c"])]
            for (status, parts) in answers {
                let future = try await client.ask()
                try await client.answer(status, parts)
                let answer = try await future.get()
                #expect(answer.status == Int(status.code) && answer.keepsAlive)
                #expect(answer.body == Array(parts.joined().utf8))
            }
        }
    }

    @Test func `an answer that ends the connection says so and closes it`() async throws {
        try await connected { client in
            let future = try await client.ask()
            try await client.answer(.ok, ["a"], headers: ["Connection": "close"])
            #expect(try await future.get().keepsAlive == false)
            #expect(!client.channel.isActive)
        }
    }

    @Test func `an answer of too many bytes is refused as soon as that is seen`() async throws {
        try await connected { client in
            let future = try await client.ask()
            try await client.answer(.ok, ["0123456789", "0"])
            await #expect(throws: NetFault.tooLarge(limit: 10)) { try await future.get() }
            #expect(!client.channel.isActive)
        }
    }

    @Test func `an answer that does not come in time is given up`() async throws {
        try await connected { client in
            let future = try await client.ask()
            await client.wait(.milliseconds(29_999))
            #expect(client.channel.isActive)
            await client.wait(.milliseconds(1))
            await #expect(throws: NetFault.timedOut) { try await future.get() }
            #expect(!client.channel.isActive)
        }
    }

    @Test func `an answer in time ends the wait for it`() async throws {
        try await connected { client in
            let future = try await client.ask()
            try await client.answer(.ok, [])
            _ = try await future.get()
            await client.wait(.minutes(1))
            #expect(client.channel.isActive)
        }
    }

    @Test func `a connection that ends fails the request`() async throws {
        try await connected { client in
            let future = try await client.ask()
            try await client.channel.close().get()
            await #expect(throws: NetFault.closed) { try await future.get() }
        }
    }

    @Test func `an answer to nothing closes the connection`() async throws {
        try await connected { client in
            try await client.answer(.ok, ["a"])
            #expect(!client.channel.isActive)
        }
    }
}
