import ChatCore
import ChatHTTP
import ChatTestKit
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import ChatServer

/// What goes out on a connection, byte by byte, around the answers of whoever handles the requests.
@Suite struct RequestWatchTests {
    /// Handles requests as a test says, and remembers what came.
    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        var heads: [HTTPRequestHead] = []
        var errors = 0
        var respond: (ChannelHandlerContext) -> Void = { _ in }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): heads.append(head)
            case .body: return
            case .end: return respond(context)
            }
            // Its body comes when it is asked for, if ever.
            if heads.last?.headers.contains(name: "expect") == true { respond(context) }
        }

        /// As the framework answers what it cannot parse.
        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            errors += 1
            write(context, .badRequest, ["Content-Length": "0"], body: nil)
        }

        func write(
            _ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ headers: HTTPHeaders, body: String?
        ) {
            let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            if let body { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil) }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }

    private struct Line {
        let channel = EmbeddedChannel()
        let handler = Handler()
        let watch: RequestWatch

        init(_ chat: Chat) throws {
            watch = RequestWatch(chat: chat)
            try channel.pipeline.syncOperations.addHandlers([
                ByteWatch(watch), HTTPResponseEncoder(), ByteToMessageHandler(HTTPRequestDecoder()), watch, handler,
            ])
            _ = channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        }

        /// Sends bytes and returns what came back for them.
        func exchange(_ text: String) throws -> String {
            _ = try? channel.writeInbound(ByteBuffer(string: text))
            return try received()
        }

        func received() throws -> String {
            var all = ""
            while let part = try channel.readOutbound(as: IOData.self) {
                if case .byteBuffer(let buffer) = part { all += String(buffer: buffer) }
            }
            return all
        }
    }

    /// An embedded channel must stay on one thread, so `body` waits for nothing.
    private func onLine(_ body: (Line) throws -> Void) async throws {
        let node = try await TestNode(in: TemporaryFolder(), serves: false)
        try onLine(of: node.chat, body)
        await node.close()
    }

    private func onLine(of chat: Chat, _ body: (Line) throws -> Void) throws { try body(Line(chat)) }

    private func get(_ fields: String..., version: String = "1.1", method: String = "GET") -> String {
        (["\(method) / HTTP/\(version)", "Host: x"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    @Test func `HTTP 1_0 gets no chunks and the end of the connection`() async throws {
        try await onLine { (line) throws in
            line.handler.respond = { context in line.handler.write(context, .ok, [:], body: "hi") }
            let answer = try line.exchange(get("Connection: keep-alive", version: "1.0"))
            #expect(answer.hasPrefix("HTTP/1.0 200 ") && answer.hasSuffix("\r\n\r\nhi"))
            #expect(answer.contains("Connection: close") && !answer.contains("chunked"))
            line.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            #expect(!line.channel.isActive)
        }
    }

    @Test func `a client that says close in any case gets the answer and the end`() async throws {
        try await onLine { (line) throws in
            line.handler.respond = { context in line.handler.write(context, .ok, ["Content-Length": "2"], body: "hi")
            }
            let answer = try line.exchange(get("Connection: Keep-Alive, Close"))
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains("Connection: close"))
            #expect(line.handler.heads.first?.headers["connection"] == ["close"])
        }
    }

    @Test func `an answer to HEAD ends with its head, also one without a length`() async throws {
        try await onLine { (line) throws in
            line.handler.respond = { context in line.handler.write(context, .ok, ["X": "y"], body: "hi") }
            let first = try line.exchange(get(method: "HEAD"))
            #expect(first.hasPrefix("HTTP/1.1 200 ") && first.hasSuffix("\r\n\r\n") && !first.contains("hi"))
            #expect(first.components(of: "\r\n\r\n") == 1)
            #expect(try line.exchange(get()).hasSuffix("2\r\nhi\r\n0\r\n\r\n"))
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET ftp://x/ HTTP/1.1\r\nHost: a\r\n\r\n",
    ])
    func `a request that breaks a rule is told which, and is the last one`(text: String) async throws {
        try await onLine { (line) throws in
            let answer = try line.exchange(text + get())
            #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains("invalid_input"))
            #expect(!answer.contains("not HTTP") && answer.contains("Connection: close"))
            #expect(line.handler.heads.isEmpty && line.handler.errors == 1)
        }
    }

    @Test(arguments: [
        "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello",
    ])
    func `a body whose end others could see elsewhere is 400 and the end`(text: String) async throws {
        try await onLine { (line) throws in
            line.handler.respond = { context in line.handler.write(context, .ok, ["Content-Length": "2"], body: "hi") }
            let answer = try line.exchange(text + get())
            #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains("Connection: close"))
            #expect(answer.components(of: "HTTP/1.1 ") == 1)
            #expect(line.handler.heads.isEmpty)
            #expect(try line.exchange(get()).isEmpty)
        }
    }

    @Test(arguments: [("FROB / HTTP/1.1", 501), ("GET / HTTP/1.2", 505), ("GET / HTTP/2.0", 505), ("GET /", 400)])
    func `what HTTP this is not is said`(line text: String, status: Int) async throws {
        try await onLine { (line) throws in
            let answer = try line.exchange(text + "\r\nHost: x\r\n\r\n" + get())
            #expect(answer.hasPrefix("HTTP/1.1 \(status) ") && answer.contains("Connection: close"))
            #expect(line.handler.heads.isEmpty && line.handler.errors == 1)
        }
    }

    // MARK: Time

    private static let whole = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody"

    @Test(arguments: [
        "G", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n",
    ])
    func `half a request behind whole ones in the same read is ended with 408`(half: String) async throws {
        for whole in [get(), Self.whole, get() + Self.whole, Self.whole + get()] {
            try await onLine { (line) throws in
                line.handler.respond = { context in
                    line.handler.write(context, .ok, ["Content-Length": "2"], body: "hi")
                }
                let count = whole.components(of: "Host")
                #expect(try line.exchange(whole + half).components(of: "HTTP/1.1 200 ") == count)
                line.channel.embeddedEventLoop.advanceTime(by: .seconds(9))
                #expect(try line.received().isEmpty)
                line.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
                #expect(try line.received().hasPrefix("HTTP/1.1 408 "))
                line.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
                #expect(!line.channel.isActive)
            }
        }
    }

    @Test(arguments: ["", "\r\n", "\r\n\r\n"])
    func `whole requests leave the connection open, with empty lines behind them too`(more: String) async throws {
        for whole in [get(), Self.whole, get() + Self.whole] {
            try await onLine { (line) throws in
                line.handler.respond = { context in
                    line.handler.write(context, .ok, ["Content-Length": "2"], body: "hi")
                }
                for _ in 0..<3 {
                    #expect(try line.exchange(whole + more).hasPrefix("HTTP/1.1 200 "))
                    line.channel.embeddedEventLoop.advanceTime(by: .seconds(15))
                    #expect(line.channel.isActive)
                    #expect(try line.received().isEmpty)
                }
            }
        }
    }

    @Test func `each request has its own time, however soon one follows the other`() async throws {
        try await onLine { (line) throws in
            line.handler.respond = { context in line.handler.write(context, .ok, ["Content-Length": "2"], body: "hi") }
            for _ in 0..<4 {
                _ = try line.exchange("GET / HTTP/1.1\r\n")
                line.channel.embeddedEventLoop.advanceTime(by: .seconds(9))
                #expect(try line.exchange("Host: x\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
            }
            _ = try line.exchange("GET / HTTP/1.1\r\n")
            line.channel.embeddedEventLoop.advanceTime(by: .milliseconds(9_999))
            #expect(try line.received().isEmpty)
            line.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
            #expect(try line.received().hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test func `behind a request that ends the connection nothing is processed`() async throws {
        try await onLine { (line) throws in
            line.handler.respond = { context in line.handler.write(context, .ok, ["Content-Length": "2"], body: "hi") }
            _ = try line.exchange(get("Connection: close") + get())
            #expect(line.handler.heads.count == 1)
            #expect(line.watch.isDeaf)
        }
    }

    // MARK: Turns

    @Test func `an act waits until the requests before it are answered`() async throws {
        try await onLine { (line) throws in
            var contexts: [ChannelHandlerContext] = []
            line.handler.respond = { contexts.append($0) }
            _ = try line.exchange(get() + get() + get())
            var acts = 0
            line.watch.inTurn { acts += 1 }
            for expected in [0, 1] {
                #expect(acts == 0)
                if let context = contexts.first {
                    line.handler.write(context, .ok, ["Content-Length": "2"], body: "hi")
                }
                line.channel.embeddedEventLoop.run()
                #expect(acts == expected)
            }
            line.watch.inTurn { acts += 1 }
            #expect(acts == 2)
        }
    }

    // MARK: Expect

    private func post(_ more: String = "") -> String {
        get("Expect: 100-continue", "Content-Length: 2", method: "POST") + more
    }

    @Test func `who waits with the body is asked for it once it is wanted`() async throws {
        try await onLine { (line) throws in
            line.handler.respond = { context in
                for _ in 0..<2 { context.triggerUserOutboundEvent(BodyIsWanted(), promise: nil) }
            }
            #expect(try line.exchange(post()) == "HTTP/1.1 100 Continue\r\n\r\n")
        }
    }

    @Test func `who is refused is not asked for the body, and the connection ends`() async throws {
        try await onLine { (line) throws in
            line.handler.respond = { context in
                line.handler.write(context, .unauthorized, ["Content-Length": "2"], body: "no")
            }
            let answer = try line.exchange(post())
            #expect(answer.hasPrefix("HTTP/1.1 401 ") && answer.contains("Connection: close"))
        }
    }

    @Test func `who sends the body without waiting is not asked`() async throws {
        try await onLine { (line) throws in
            var context: ChannelHandlerContext?
            line.handler.respond = { given in context = given }
            #expect(try line.exchange(post("hi")) == "")
            context?.triggerUserOutboundEvent(BodyIsWanted(), promise: nil)
            #expect(try line.received() == "")
        }
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
