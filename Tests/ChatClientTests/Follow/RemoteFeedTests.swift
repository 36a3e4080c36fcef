import ChatCore
import ChatWire
import Testing

@testable import ChatClient

@Suite(.timeLimit(.minutes(1))) struct RemoteFeedTests {
    private let general = Frames.general
    private let dev = Frames.dev

    @Test func `a feed joins its rooms and gives out what the server sends`() async throws {
        let server = try await TestServer()
        let (feed, socket) = try await joined(server, lastSeq: 45)
        #expect(socket.request.target == "/ws")
        #expect(socket.request.headers["authorization"] == "Bearer t")
        socket.send(Frames.message(46))
        socket.send(Frames.text(ServerFrame.typing(room: general, username: Frames.bob)))
        #expect(try await feed.next() == .message(Frames.value(46), epoch: "e1"))
        #expect(try await feed.next() == .typing(room: general, username: Frames.bob))
        await feed.close()
        #expect(await socket.frame() == .close(code: 1000))
    }

    @Test func `rooms come and go while the next item is waited for`() async throws {
        let server = try await TestServer()
        let (feed, socket) = try await joined(server, lastSeq: 45)
        let waiting = Task { try await feed.next() }
        try await feed.add(RoomPosition(room: dev, after: 3))
        #expect(await socket.text() == #"{"event":"join","ref":2,"room":"dev","after":3}"#)
        await feed.remove(general)
        #expect(await socket.text() == #"{"event":"leave","room":"general"}"#)
        socket.send(Frames.message(46))
        socket.send(Frames.joined(2, dev, lastSeq: 3))
        #expect(try await waiting.value == .onlineCount(room: dev, count: 1))
    }

    @Test func `a gap is read over HTTP, and a room that is removed meanwhile is not given out`() async throws {
        let server = try await TestServer { request in
            let after = request.target.contains("after=45") ? 45 : 47
            return .answer(200, Self.page([Int64(after + 1), Int64(after + 2)]), epoch: "e1")
        }
        let (feed, socket) = try await joined(server, lastSeq: 45)
        socket.send(Frames.message(48))
        #expect(try await feed.next() == .message(Frames.value(46), epoch: "e1"))
        await feed.remove(general)
        socket.send(Frames.text(ServerFrame.typing(room: general, username: Frames.bob)))
        socket.send(Frames.joined(9, dev, lastSeq: 3))
        #expect(await socket.text() == #"{"event":"leave","room":"general"}"#)
        let waiting = Task { try await feed.next() }
        #expect(await socket.text() == #"{"event":"leave","room":"dev"}"#)
        await feed.close()
        #expect(try await waiting.value == nil)
    }

    @Test func `a broken connection is replaced and goes on behind the last message`() async throws {
        let server = try await TestServer()
        let (feed, first) = try await joined(server, lastSeq: 45)
        first.send(Frames.message(46))
        #expect(try await feed.next() == .message(Frames.value(46), epoch: "e1"))
        first.drop()
        #expect(try await feed.next() == .notice("connection lost, reconnecting"))
        async let item = feed.next()
        let second = try await server.socket()
        #expect(await second.text() == #"{"event":"join","ref":2,"room":"general","after":46,"epoch":"e1"}"#)
        second.send(Frames.joined(2, lastSeq: 47))
        second.send(Frames.message(47))
        #expect(try await item == .notice("reconnected"))
        #expect(try await feed.next() == .onlineCount(room: general, count: 1))
        #expect(try await feed.next() == .message(Frames.value(47), epoch: "e1"))
    }

    @Test func `a join that may succeed later is made again on the same connection`() async throws {
        let server = try await TestServer()
        let feed = RemoteChat(address: server.address, token: "t").feed()
        try await feed.add(RoomPosition(room: general, after: 45))
        async let item = feed.next()
        let socket = try await server.socket()
        _ = await socket.text()
        socket.send(Frames.refused(1, .unavailable))
        #expect(try await item == .notice("room x: no, trying again"))
        async let next = feed.next()
        #expect(await socket.text() == #"{"event":"join","ref":2,"room":"general","after":45}"#)
        socket.send(Frames.joined(2, lastSeq: 45))
        #expect(try await next == .onlineCount(room: general, count: 1))
    }

    @Test func `the refusal of the only room is thrown once and closes the feed`() async throws {
        let server = try await TestServer()
        let feed = RemoteChat(address: server.address, token: "t").feed()
        try await feed.add(RoomPosition(room: general, after: 45))
        let waiting = Task { try await feed.next() }
        let socket = try await server.socket()
        _ = await socket.text()
        socket.send(Frames.refused(1, .banned))
        let error = await #expect(throws: ChatError.self) { try await waiting.value }
        #expect(error?.code == .banned)
        #expect(await socket.frame() == .close(code: 1000))
        #expect(try await feed.next() == nil)
    }

    @Test func `a cancelled consumer gets nil, and another one goes on`() async throws {
        let server = try await TestServer()
        let (feed, socket) = try await joined(server, lastSeq: 45)
        let cancelled = Task { try await feed.next() }
        cancelled.cancel()
        #expect(try await cancelled.value == nil)
        socket.send(Frames.message(46))
        #expect(try await feed.next() == .message(Frames.value(46), epoch: "e1"))
    }

    @Test func `closing ends a wait for a server that does not answer`() async throws {
        let server = try await TestServer { _ in .silence }
        let (feed, socket) = try await joined(server, lastSeq: 45)
        socket.send(Frames.message(48))
        let waiting = Task { try await feed.next() }
        await server.arrival()
        await feed.close()
        #expect(try await waiting.value == nil)
    }

    @Test func `closing ends a wait between two attempts to connect`() async throws {
        let address = try await TestServer.nobody()
        let feed = RemoteChat(address: address, token: "t").feed()
        #expect(try await feed.next() == .notice("connection lost, reconnecting"))
        let waiting = Task { try await feed.next() }
        await feed.close()
        #expect(try await waiting.value == nil)
    }

    @Test func `a room that is renamed is followed under its new name`() async throws {
        let server = try await TestServer { request in
            guard request.target == "/api/v1/rooms/dev" else { return .answer(404) }
            return .answer(200, Self.room(Frames.dev), epoch: "e1")
        }
        let (feed, socket) = try await joined(server, lastSeq: 45)
        socket.send(Frames.room(dev))
        socket.send(Frames.message(46, in: dev))
        guard case .room? = try await feed.next() else {
            Issue.record("no change of a room")
            return
        }
        async let item = feed.next()
        #expect(await socket.text() == #"{"event":"join","ref":2,"room":"dev","after":45,"epoch":"e1"}"#)
        socket.send(Frames.joined(2, dev, lastSeq: 46))
        socket.send(Frames.message(46, in: dev))
        #expect(try await item == .onlineCount(room: dev, count: 1))
        #expect(try await feed.next() == .message(Frames.value(46, in: dev), epoch: "e1"))
        await feed.close()
    }

    @Test func `after an outage the room is found by its epoch`() async throws {
        let server = try await TestServer { request in
            guard request.target == "/api/v1/rooms?epoch=e1" else { return .answer(404) }
            return .answer(200, "[\(Self.room(Frames.dev))]")
        }
        let (feed, first) = try await joined(server, lastSeq: 45)
        first.drop()
        #expect(try await feed.next() == .notice("connection lost, reconnecting"))
        async let item = feed.next()
        let second = try await server.socket()
        #expect(await second.text() == #"{"event":"join","ref":2,"room":"general","after":45,"epoch":"e1"}"#)
        second.send(Frames.joined(2, lastSeq: 3, epoch: "e2", recovered: false))
        #expect(try await item == .notice("reconnected"))
        #expect(try await feed.next() == .onlineCount(room: general, count: 1))
        async let next = feed.next()
        #expect(await second.text() == #"{"event":"leave","room":"general"}"#)
        #expect(await second.text() == #"{"event":"join","ref":3,"room":"dev","after":45,"epoch":"e1"}"#)
        second.send(Frames.joined(3, dev, lastSeq: 45))
        #expect(try await next == .onlineCount(room: dev, count: 1))
        await feed.close()
    }

    @Test func `rooms that stay the same are followed as a stream`() async throws {
        let server = try await TestServer()
        let chat = RemoteChat(address: server.address, token: "t")
        var items = chat.follow([RoomPosition(room: general, after: 45)]).makeAsyncIterator()
        let serving = Task {
            let socket = try await server.socket()
            _ = await socket.text()
            socket.send(Frames.joined(1, lastSeq: 45))
            socket.send(Frames.removed(.kicked))
            socket.close(4001)
        }
        #expect(try await items.next() == .onlineCount(room: general, count: 1))
        #expect(try await items.next() == .removed(room: general, reason: .kicked))
        try await serving.value
        do {
            Issue.record("went on with \(String(describing: try await items.next()))")
        } catch {
            #expect((error as? ChatError)?.code == .unauthenticated)
        }
    }

    // MARK: Material

    /// A feed that joined `general` behind message 45.
    private func joined(_ server: TestServer, lastSeq: Int64) async throws -> (any Feed, TestSocket) {
        let feed = RemoteChat(address: server.address, token: "t").feed()
        try await feed.add(RoomPosition(room: general, after: 45))
        async let item = feed.next()
        let socket = try await server.socket()
        #expect(await socket.text() == #"{"event":"join","ref":1,"room":"general","after":45}"#)
        socket.send(Frames.joined(1, lastSeq: lastSeq))
        #expect(try await item == .onlineCount(room: general, count: 1))
        return (feed, socket)
    }

    private static func room(_ name: RoomName) -> String {
        let room = Room(
            id: RoomID(0), name: name, kind: .public, topic: "", isArchived: false, lastSeq: 45, lastMessageAt: nil,
            memberCount: 0,
            onlineCount: 0, createdAt: Timestamp(milliseconds: 0))
        return String(decoding: JSON.document { $0.room(room) }, as: UTF8.self)
    }

    private static func page(_ seqs: [Int64]) -> String {
        String(decoding: JSON.document { $0.array(seqs) { $0.message(Frames.value($1)) } }, as: UTF8.self)
    }
}
