import ChatCore
import ChatWire
import Testing

@testable import ChatClient

@Suite(.timeLimit(.minutes(1))) struct RemoteChatMessagesTests {
    private let general = Frames.general

    /// A server with the log 1 to `end`, in pages as large as it is asked for.
    private func server(end: Int) async throws -> (RemoteChat, TestServer) {
        let server = try await TestServer { request in
            let query = Self.query(of: request.target)
            let limit = query["limit"] ?? 0
            let first = query["after"].map { $0 + 1 } ?? max(1, (query["before"] ?? end + 1) - limit)
            let last = query["before"].map { $0 - 1 } ?? min(end, query["after"].map { $0 + limit } ?? end)
            let page = first <= last ? (first...last).map { Frames.value(Int64($0)) } : []
            return .answer(200, String(decoding: JSON.document { $0.array(page) { $0.message($1) } }, as: UTF8.self))
        }
        return (RemoteChat(address: server.address, token: "t"), server)
    }

    private static func query(of target: String) -> [String: Int] {
        let items = target.split(separator: "?").last?.split(separator: "&") ?? []
        return items.reduce(into: [:]) { query, item in
            let parts = item.split(separator: "=")
            if parts.count == 2 { query[String(parts[0])] = Int(parts[1]) }
        }
    }

    @Test(
        arguments: [
            (MessageRange.latest, 500, 1...450, 3), (.latest, 10, 441...450, 1), (.before(300), 250, 50...299, 2),
            (.after(0), 1_000, 1...450, 3), (.after(100), 200, 101...300, 1), (.after(440), 50, 441...450, 1),
        ] as [(MessageRange, Int, ClosedRange<Int64>, Int)])
    func `a range is read in pages, in order`(
        range: MessageRange, limit: Int, seqs: ClosedRange<Int64>, pages: Int
    ) async throws {
        let (chat, server) = try await server(end: 450)
        #expect(try await chat.messages(in: general, range, limit: limit).map(\.seq) == Array(seqs))
        #expect(server.requests.count == pages)
    }

    @Test func `nothing is asked for where nothing is wanted`() async throws {
        let (chat, server) = try await server(end: 9)
        #expect(try await chat.messages(in: general, .latest, limit: 0).isEmpty)
        #expect(try await chat.messages(in: general, .latest, limit: -1).isEmpty)
        #expect(try await chat.search("x", in: nil, limit: 0).isEmpty)
        #expect(server.requests.isEmpty)
    }

    @Test func `a time is asked for as RFC 3339`() async throws {
        let (chat, server) = try await server(end: 0)
        _ = try await chat.messages(in: general, .since(Timestamp(milliseconds: 0)), limit: 1)
        #expect(
            server.requests.first?.target
                == "/api/v1/rooms/general/messages?since=1970-01-01T00%3A00%3A00.000Z&limit=1")
    }

    @Test func `single messages and searches ask for the contract's routes`() async throws {
        let server = try await TestServer { request in
            let isList = request.target.contains("search")
            let body = JSON.document { json in
                if isList { json.array([Frames.value(3)]) { $0.message($1) } } else { json.message(Frames.value(3)) }
            }
            return .answer(200, String(decoding: body, as: UTF8.self))
        }
        let chat = RemoteChat(address: server.address, token: "t")
        #expect(try await chat.message(in: general, seq: 3) == Frames.value(3))
        try await chat.deleteMessage(in: general, seq: 3)
        #expect(try await chat.search("a b", in: general, limit: 5_000) == [Frames.value(3)])
        #expect(
            server.requests.map { "\($0.method) \($0.target)" } == [
                "GET /api/v1/rooms/general/messages/3", "DELETE /api/v1/rooms/general/messages/3",
                "GET /api/v1/search?q=a%20b&limit=\(Limits.searchHits)&room=general",
            ])
    }

    /// A server with the acts 1 to `end`, in pages as large as it is asked for.
    private func auditServer(end: Int) async throws -> (RemoteChat, TestServer) {
        let server = try await TestServer { request in
            let query = Self.query(of: request.target)
            let limit = query["limit"] ?? 0
            let last = query["before"].map { min(end, $0 - 1) } ?? min(end, (query["after"] ?? 0) + limit)
            let first = query["after"].map { $0 + 1 } ?? max(1, last - limit + 1)
            let acts = (first <= last ? Array(first...last) : []).map {
                AuditEntry(
                    id: Int64($0), at: Timestamp(milliseconds: 0), actor: "a", action: "x.y", target: "t", detail: "")
            }
            return .answer(200, String(decoding: JSON.document { $0.array(acts) { $0.auditEntry($1) } }, as: UTF8.self))
        }
        return (RemoteChat(address: server.address, token: "t"), server)
    }

    @Test(
        arguments: [
            (AuditRange.latest, 2_500, 1...2_300, 3), (.latest, 50, 2_251...2_300, 1), (.before(30), 50, 1...29, 1),
            (.after(0), 1_500, 1...1_500, 2), (.after(2_290), 50, 2_291...2_300, 1),
        ] as [(AuditRange, Int, ClosedRange<Int64>, Int)])
    func `the audit log is read in pages, in order`(
        range: AuditRange, limit: Int, ids: ClosedRange<Int64>, pages: Int
    ) async throws {
        let (chat, server) = try await auditServer(end: 2_300)
        #expect(try await chat.audit(AuditFilter(), range, limit: limit).map(\.id) == Array(ids))
        #expect(server.requests.count == pages)
    }

    @Test func `what is asked of the audit log and of a deletion stands in the query`() async throws {
        let server = try await TestServer { request in
            .answer(200, request.method == "GET" ? "[]" : #"{"deleted":2,"next":7}"#)
        }
        let chat = RemoteChat(address: server.address, token: "t")
        let moment = Timestamp(milliseconds: 0)
        _ = try await chat.audit(AuditFilter(actor: "a b", target: "general", since: moment), .after(3), limit: 5)
        let selection = MessageSelection(author: Username(stored: "bob"), room: general, since: moment)
        #expect(try await chat.deleteMessages(selection, after: 4) == MessageSweep(deleted: 2, next: 7))
        let time = "since=1970-01-01T00%3A00%3A00.000Z"
        #expect(
            server.requests.map { "\($0.method) \($0.target)" } == [
                "GET /api/v1/audit?actor=a%20b&target=general&\(time)&after=3&limit=5",
                "DELETE /api/v1/messages?author=bob&after=4&room=general&\(time)",
            ])
    }

    @Test(arguments: [nil, "c1"])
    func `a message is posted again on a dead connection only with a client id`(id: String?) async throws {
        let server = try await TestServer { request in
            if request.connection == 1, request.method == "POST" { return .hangUp }
            return .answer(201, String(decoding: JSON.document { $0.message(Frames.value(4)) }, as: UTF8.self))
        }
        let chat = RemoteChat(address: server.address, token: "t")
        _ = try await chat.message(in: general, seq: 4)
        let clientID = try id.map { text throws(ChatError) in try ClientID(text) }
        let message = try? await chat.send(try MessageBody("hi"), to: general, clientID: clientID)
        #expect(message == (id == nil ? nil : Frames.value(4)))
        #expect(server.requests.map(\.method) == (id == nil ? ["GET", "POST"] : ["GET", "POST", "POST"]))
        #expect(server.requests.last?.target == "/api/v1/rooms/general/messages")
    }
}
