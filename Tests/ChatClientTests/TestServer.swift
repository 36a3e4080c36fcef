import ChatCore
import ChatWire
import NIOCore
import NIOPosix
import Synchronization

@testable import ChatClient

/// A server on loopback that answers each request as the test says; it listens until the tests end.
final class TestServer: Sendable {
    struct Request: Sendable {
        let method: String
        let target: String
        /// Names in lower case.
        let headers: [String: String]
        let body: String
        /// The number of the connection it came by, from 1.
        let connection: Int
    }

    enum Reply: Sendable {
        /// A whole answer on a connection that stays open.
        case answer(Int, String = "", epoch: String? = nil)
        /// These bytes, whatever they are; then the connection stays as it is.
        case raw(String)
        /// Closes without an answer.
        case hangUp
        case silence
    }

    /// What came so far, shared with the connections.
    private final class Record: Sendable {
        let requests = Mutex<[Request]>([])
        let connections = Mutex(0)

        func nextConnection() -> Int {
            connections.withLock { count in
                count += 1
                return count
            }
        }
    }

    let address: ServerAddress
    private let channel: any Channel
    private let record = Record()
    private let arrivals: AsyncStream<Request>
    private let sockets: AsyncStream<TestSocket>

    /// - Parameter reply: answers a request; one that opens a WebSocket is accepted without asking.
    init(_ reply: @escaping @Sendable (Request) -> Reply = { _ in .answer(404) }) async throws {
        let (sockets, opened) = AsyncStream<TestSocket>.makeStream()
        let (arrivals, arrived) = AsyncStream<Request>.makeStream()
        let take: @Sendable (Request) -> Reply = { [record] request in
            record.requests.withLock { $0.append(request) }
            arrived.yield(request)
            return reply(request)
        }
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { [record] channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = TestConnection(
                        number: record.nextConnection(), reply: take, opened: { opened.yield($0) })
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        address = try ServerAddress("http://127.0.0.1:\(channel.localAddress?.port ?? 0)")
        self.arrivals = arrivals
        self.sockets = sockets
    }

    /// An address where nobody listens.
    static func nobody() async throws -> ServerAddress {
        let server = try await TestServer()
        try await server.channel.close()
        return server.address
    }

    /// All requests so far, without those that opened a WebSocket.
    var requests: [Request] { record.requests.withLock { $0 } }

    /// Waits for the next request.
    func arrival() async { for await _ in arrivals { return } }

    /// The next WebSocket that a client opens.
    func socket() async throws -> TestSocket {
        for await socket in sockets { return socket }
        throw CancellationError()
    }
}

/// The server's end of a WebSocket.
final class TestSocket: Sendable {
    let request: TestServer.Request
    private let channel: any Channel
    private let frames: AsyncStream<FrameDecoder.Output>

    init(request: TestServer.Request, channel: any Channel, frames: AsyncStream<FrameDecoder.Output>) {
        self.request = request
        self.channel = channel
        self.frames = frames
    }

    /// Sends one text frame.
    func send(_ text: [UInt8]) { write(WebSocketFrame.encode(.text, text)) }

    func write(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    func close(_ code: UInt16) { write(WebSocketFrame.close(code)) }

    /// Ends the connection without a word.
    func drop() { channel.close(promise: nil) }

    /// The next frame of the client; nil when the connection ended.
    func frame() async -> FrameDecoder.Output? {
        for await frame in frames { return frame }
        return nil
    }

    /// The next text of the client; empty for anything else.
    func text() async -> String {
        guard case .text(let text) = await frame() else { return "" }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Reads requests one after the other, by hand so that a test can answer with anything; confined to its event loop.
private final class TestConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let number: Int
    private let reply: @Sendable (TestServer.Request) -> TestServer.Reply
    private let opened: @Sendable (TestSocket) -> Void
    private var buffer = ByteBuffer()
    private var decoder = FrameDecoder(role: .server)
    private var frames: AsyncStream<FrameDecoder.Output>.Continuation?

    init(
        number: Int, reply: @escaping @Sendable (TestServer.Request) -> TestServer.Reply,
        opened: @escaping @Sendable (TestSocket) -> Void
    ) {
        self.number = number
        self.reply = reply
        self.opened = opened
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var more = unwrapInboundIn(data)
        if frames == nil { buffer.writeBuffer(&more) } else { decoder.feed(more) }
        while frames == nil, let request = nextRequest() { answer(request, context) }
        while let frames, let frame = try? decoder.next() { frames.yield(frame) }
    }

    func channelInactive(context: ChannelHandlerContext) { frames?.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func nextRequest() -> TestServer.Request? {
        let text = String(buffer: buffer)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        let headers = lines.dropFirst().reduce(into: [String: String]()) { headers, line in
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description
        }
        let body = text[end.upperBound...].utf8.prefix(Int(headers["content-length"] ?? "0") ?? 0)
        guard body.count == Int(headers["content-length"] ?? "0") else { return nil }
        buffer.moveReaderIndex(forwardBy: text[..<end.upperBound].utf8.count + body.count)
        return TestServer.Request(
            method: String(words[0]), target: String(words[1]), headers: headers, body: String(body) ?? "",
            connection: number)
    }

    private func answer(_ request: TestServer.Request, _ context: ChannelHandlerContext) {
        if let key = request.headers["sec-websocket-key"] { return open(request, key, context) }
        switch reply(request) {
        case .answer(let status, let body, let epoch):
            let header = epoch.map { "Room-Epoch: \($0)\r\n" } ?? ""
            write("HTTP/1.1 \(status) Status\r\n\(header)Content-Length: \(body.utf8.count)\r\n\r\n\(body)", context)
        case .raw(let text): write(text, context)
        case .hangUp: context.close(promise: nil)
        case .silence: break
        }
    }

    private func open(_ request: TestServer.Request, _ key: String, _ context: ChannelHandlerContext) {
        let (stream, frames) = AsyncStream<FrameDecoder.Output>.makeStream()
        self.frames = frames
        write(
            "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: \(WebSocketHandshake.accept(key))\r\n\r\n",
            context)
        opened(TestSocket(request: request, channel: context.channel, frames: stream))
    }

    private func write(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
    }
}
