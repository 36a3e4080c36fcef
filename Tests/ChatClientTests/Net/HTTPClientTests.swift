import ChatCore
import NIOCore
import Testing

@testable import ChatClient

@Suite(.timeLimit(.minutes(1))) struct HTTPClientTests {
    @Test func `a request carries the token, its body and the host`() async throws {
        let server = try await TestServer { _ in .answer(201, "done") }
        let client = HTTPClient(address: server.address, token: "secret")
        let answer = try await client.answer(to: HTTPRequest(.POST, "/a?b=c", body: Array("{}".utf8)))
        #expect(answer.status == 201 && answer.body == Array("done".utf8))
        let request = try #require(server.requests.first)
        #expect(request.method == "POST" && request.target == "/a?b=c" && request.body == "{}")
        let headers = [
            "host": server.address.authority, "authorization": "Bearer secret", "content-type": "application/json",
            "content-length": "2", "accept": "application/json", "user-agent": "chatctl",
        ]
        #expect(request.headers == headers)
    }

    @Test func `without a token or a body nothing is said of them, but for the length of none`() async throws {
        let server = try await TestServer { _ in .answer(200) }
        let client = HTTPClient(address: server.address, token: nil)
        _ = try await client.answer(to: HTTPRequest(.GET, "/"))
        _ = try await client.answer(to: HTTPRequest(.DELETE, "/"))
        let names = server.requests.map { Set($0.headers.keys) }
        #expect(names == [["host", "accept", "user-agent"], ["host", "accept", "user-agent", "content-length"]])
        #expect(server.requests.last?.headers["content-length"] == "0")
    }

    @Test func `requests one after the other share a connection`() async throws {
        let server = try await TestServer { .answer(200, $0.target) }
        let client = HTTPClient(address: server.address, token: nil)
        for target in ["/1", "/2", "/3"] {
            #expect(try await client.answer(to: HTTPRequest(.POST, target)).body == Array(target.utf8))
        }
        #expect(server.requests.map(\.connection) == [1, 1, 1])
    }

    @Test func `requests at the same time have a connection each, and some of them are kept`() async throws {
        let server = try await TestServer { $0.target == "/slow" ? .silence : .answer(200) }
        var bounds = HTTPClient.Bounds()
        bounds.mostKept = 1
        let client = HTTPClient(address: server.address, token: nil, bounds: bounds)
        let slow = Task { try await client.answer(to: HTTPRequest(.GET, "/slow")) }
        await server.arrival()
        for _ in 0..<2 { _ = try await client.answer(to: HTTPRequest(.GET, "/")) }
        #expect(server.requests.map(\.connection) == [1, 2, 2])
        slow.cancel()
        let error = await #expect(throws: ChatError.self) { try await slow.value }
        #expect(error?.code == .interrupted)
    }

    @Test func `a connection that was kept too long is not used again`() async throws {
        let server = try await TestServer { _ in .answer(200) }
        var bounds = HTTPClient.Bounds()
        bounds.keeping = .zero
        let client = HTTPClient(address: server.address, token: nil, bounds: bounds)
        for _ in 0..<2 { _ = try await client.answer(to: HTTPRequest(.GET, "/")) }
        #expect(server.requests.map(\.connection) == [1, 2])
    }

    @Test func `a connection that the server wants closed is not used again`() async throws {
        let server = try await TestServer { _ in
            .raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        let client = HTTPClient(address: server.address, token: nil)
        for _ in 0..<2 { _ = try await client.answer(to: HTTPRequest(.GET, "/")) }
        #expect(server.requests.map(\.connection) == [1, 2])
    }

    @Test(arguments: [HTTPRequest(.GET, "/"), HTTPRequest(.PUT, "/"), HTTPRequest(.POST, "/", isRepeatable: true)])
    func `a repeatable request on a dead connection is repeated once`(request: HTTPRequest) async throws {
        let server = try await TestServer { $0.connection == 1 && $0.target == "/" ? .hangUp : .answer(200) }
        let client = HTTPClient(address: server.address, token: nil)
        _ = try await client.answer(to: HTTPRequest(.GET, "/first"))
        #expect(try await client.answer(to: request).status == 200)
        #expect(server.requests.map(\.connection) == [1, 1, 2])
    }

    @Test(arguments: [HTTPRequest(.POST, "/"), HTTPRequest(.DELETE, "/"), HTTPRequest(.PATCH, "/")])
    func `a request that may have been carried out is not repeated`(request: HTTPRequest) async throws {
        let server = try await TestServer { $0.target == "/" ? .hangUp : .answer(200) }
        let client = HTTPClient(address: server.address, token: nil)
        _ = try await client.answer(to: HTTPRequest(.GET, "/first"))
        let error = await #expect(throws: ChatError.self) { try await client.answer(to: request) }
        #expect(error?.code == .unavailable)
        #expect(server.requests.count == 2)
    }

    @Test func `a fresh connection that ends is not repeated`() async throws {
        let server = try await TestServer { _ in .hangUp }
        let client = HTTPClient(address: server.address, token: nil)
        let error = await #expect(throws: ChatError.self) { try await client.answer(to: HTTPRequest(.GET, "/")) }
        #expect(error?.code == .unavailable)
        #expect(server.requests.count == 1)
    }

    @Test func `a server that is silent is given up, and the request not repeated`() async throws {
        let server = try await TestServer { $0.target == "/" ? .silence : .answer(200) }
        var bounds = HTTPClient.Bounds()
        bounds.answerTime = .milliseconds(20)
        let silent = HTTPClient(address: server.address, token: nil, bounds: bounds)
        let error = await #expect(throws: ChatError.self) { try await silent.answer(to: HTTPRequest(.GET, "/")) }
        #expect(error?.code == .timedOut)
        #expect(server.requests.count == 1)
    }

    @Test func `a server may say so often that an answer is to come and no more`() async throws {
        let server = try await TestServer { request in
            let count = Int(request.target.dropFirst()) ?? 0
            return .raw(
                String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: count)
                    + (count > 16 ? "" : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))
        }
        let client = HTTPClient(address: server.address, token: nil)
        for _ in 0..<2 { #expect(try await client.answer(to: HTTPRequest(.GET, "/16")).body == Array("{}".utf8)) }
        let error = await #expect(throws: ChatError.self) { try await client.answer(to: HTTPRequest(.GET, "/17")) }
        #expect(error?.code == .configuration)
    }

    @Test func `an answer may have so many bytes and no more`() async throws {
        let server = try await TestServer { request in
            .answer(200, String(repeating: "x", count: Int(request.target.dropFirst()) ?? 0))
        }
        var bounds = HTTPClient.Bounds()
        bounds.answerBytes = 1_000
        let client = HTTPClient(address: server.address, token: nil, bounds: bounds)
        #expect(try await client.answer(to: HTTPRequest(.GET, "/1000")).body.count == 1_000)
        let error = await #expect(throws: ChatError.self) { try await client.answer(to: HTTPRequest(.GET, "/1001")) }
        #expect(error?.code == .tooLarge)
        #expect(error?.message.contains("1000 bytes") == true)
    }

    @Test(arguments: ["SSH-2.0 hello\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"])
    func `what is not HTTP is unavailable`(text: String) async throws {
        let server = try await TestServer { _ in .raw(text) }
        let client = HTTPClient(address: server.address, token: nil)
        let error = await #expect(throws: ChatError.self) { try await client.answer(to: HTTPRequest(.GET, "/")) }
        #expect(error?.code == .unavailable)
    }

    @Test func `nobody at the address is unavailable with a hint`() async throws {
        let address = try await TestServer.nobody()
        let client = HTTPClient(address: address, token: nil)
        let error = await #expect(throws: ChatError.self) { try await client.answer(to: HTTPRequest(.GET, "/")) }
        #expect(error?.code == .unavailable)
        #expect(error?.remedy == .startServer)
    }
}
