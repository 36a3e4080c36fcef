import ChatCore
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import ChatBus

/// What a link sends and receives, with a server that the test plays. A PING may come at any time while a test is slow.
@Suite struct RedisLinkTests {
    @Test func `a link logs in with user, password and database before it is ready`() async throws {
        let server = try await FakeRedis()
        let link = try server.link("redis://bob:secret@127.0.0.1:\(server.port)/3")
        link.begin()
        await link.ready(within: .seconds(5))
        #expect(link.isReady && link.fault == nil)
        #expect(server.commands.prefix(3) == [["AUTH", "bob", "secret"], ["SELECT", "3"], ["PING"]])
        await link.end(awaitingAnswers: false)
        try await server.close()
    }

    @Test func `without credentials and database a PING is enough`() async throws {
        let server = try await FakeRedis()
        let link = try server.link("redis://127.0.0.1:\(server.port)")
        link.begin()
        await link.ready(within: .seconds(5))
        #expect(link.isReady && server.commands.allSatisfy { $0 == ["PING"] })
        await link.end(awaitingAnswers: false)
        try await server.close()
    }

    @Test func `a refused log-in is the link's fault, in the server's words and without the password`() async throws {
        let server = try await FakeRedis {
            $0[0] == "AUTH" ? "-WRONGPASS invalid username-password pair\r\n" : "+OK\r\n"
        }
        let link = try server.link("redis://:secret@127.0.0.1:\(server.port)")
        link.begin()
        // The second attempt begins when the first one's answer was read.
        #expect(await server.wait { $0.count >= 3 })
        let fault = try #require(link.fault)
        #expect(!link.isReady && fault.code == .unavailable && fault.part == .redis)
        #expect(fault.message.contains("WRONGPASS") && !fault.message.contains("secret"))
        await link.end(awaitingAnswers: false)
        try await server.close()
    }

    @Test func `a link that is cut off connects again and says so`() async throws {
        let server = try await FakeRedis()
        let connected = Mutex(0)
        let link = try server.link(
            "redis://127.0.0.1:\(server.port)",
            RedisLink.Callbacks(connected: { connected.withLock { $0 += 1 } }))
        link.begin()
        #expect(await server.wait { _ in connected.withLock { $0 } == 1 })
        server.dropConnections()
        #expect(await server.wait { _ in connected.withLock { $0 } == 2 && link.isReady })
        await link.end(awaitingAnswers: false)
        try await server.close()
    }

    @Test func `bytes that are not the protocol end the connection, and the next one works`() async throws {
        let wasGarbled = Atomic(false)
        let server = try await FakeRedis { _ in
            wasGarbled.exchange(true, ordering: .relaxed) ? "+OK\r\n" : "HTTP/1.1 400 Bad Request\r\n"
        }
        let link = try server.link("redis://127.0.0.1:\(server.port)")
        link.begin()
        #expect(await server.wait { _ in link.isReady })
        #expect(server.connections == 2)
        await link.end(awaitingAnswers: false)
        try await server.close()
    }

    @Test func `what is sent before the end is answered before the end`() async throws {
        let server = try await FakeRedis()
        let link = try server.link("redis://127.0.0.1:\(server.port)")
        link.begin()
        await link.ready(within: .seconds(5))
        for number in 0..<100 { #expect(link.send(RedisCommand.bytes(["PUBLISH", "c", "\(number)"]))) }
        await link.end(awaitingAnswers: true)
        let published = server.commands.filter { $0 != ["PING"] }
        #expect(published == (0..<100).map { ["PUBLISH", "c", "\($0)"] })
        try await server.close()
    }

    @Test func `nothing is sent while there is no connection, and waiting for it ends with its limit`() async throws {
        let address = try RedisAddress("redis://127.0.0.1:1")
        let link = RedisLink(
            address, on: NIOSingletons.posixEventLoopGroup.next(), RedisLink.Callbacks())
        #expect(!link.send(RedisCommand.bytes(["PING"])))
        link.begin()
        await link.ready(within: .milliseconds(200))
        #expect(!link.isReady && !link.send(RedisCommand.bytes(["PING"])))
        #expect(link.fault?.message == "redis 127.0.0.1:1: connection refused")
        await link.end(awaitingAnswers: true)
    }
}

/// A server that answers each command with one reply.
private final class FakeRedis: Sendable {
    /// What the server's channels write to.
    private final class Log: Sendable {
        let state = Mutex((commands: [[String]](), connections: 0, open: [any Channel]()))

        func opened(_ channel: any Channel) {
            state.withLock { state in
                state.connections += 1
                state.open.append(channel)
            }
        }
    }

    private let log = Log()
    private let listener: any Channel
    let port: Int

    init(_ answer: @escaping @Sendable ([String]) -> String = { _ in "+OK\r\n" }) async throws {
        listener = try await ServerBootstrap(group: NIOSingletons.posixEventLoopGroup)
            .childChannelInitializer { [log] channel in
                log.opened(channel)
                return channel.eventLoop.makeCompletedFuture {
                    let handler = FakeRedisHandler { words in
                        log.state.withLock { $0.commands.append(words) }
                        return answer(words)
                    }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
    }

    var commands: [[String]] { log.state.withLock { $0.commands } }
    var connections: Int { log.state.withLock { $0.connections } }

    func link(_ url: String, _ callbacks: RedisLink.Callbacks = RedisLink.Callbacks()) throws -> RedisLink {
        RedisLink(try RedisAddress(Substring(url)), on: NIOSingletons.posixEventLoopGroup.next(), callbacks)
    }

    /// Waits until the commands that came satisfy a condition.
    func wait(_ condition: ([[String]]) -> Bool) async -> Bool {
        let deadline = ContinuousClock.now + .seconds(5)
        while !condition(commands) {
            guard ContinuousClock.now < deadline else { return false }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return true
    }

    func dropConnections() {
        let channels = log.state.withLock { state in
            defer { state.open = [] }
            return state.open
        }
        for channel in channels { channel.close(promise: nil) }
    }

    func close() async throws {
        dropConnections()
        try await listener.close()
    }
}

/// Cuts what arrives into commands; confined to its event loop.
private final class FakeRedisHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let answer: ([String]) -> String
    private var received = ByteBuffer()

    init(_ answer: @escaping ([String]) -> String) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        while let words = readCommand() {
            context.channel.writeAndFlush(ByteBuffer(string: answer(words)), promise: nil)
        }
    }

    private func readCommand() -> [String]? {
        var rest = received
        guard let count = rest.readCount("*") else { return nil }
        var words: [String] = []
        for _ in 0..<count {
            guard let length = rest.readCount("$"), let word = rest.readString(length: length),
                rest.readString(length: 2) != nil
            else { return nil }
            words.append(word)
        }
        received = rest
        return words
    }
}

extension ByteBuffer {
    /// A line that consists of a mark and a number.
    fileprivate mutating func readCount(_ mark: Character) -> Int? {
        guard let end = readableBytesView.firstIndex(of: 10), let line = readString(length: end - readerIndex + 1),
            line.first == mark
        else { return nil }
        return Int(line.dropFirst().prefix { $0.isNumber })
    }
}
