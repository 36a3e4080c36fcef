import ChatCore
import Testing

@testable import ChatBench

@Suite struct PageResponseTests {
    private static func response(_ text: String) -> PageResponse {
        Array(text.utf8).withUnsafeBytes(PageResponse.init)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\ncontent-length:5\r\n\r\n12345",
        "HTTP/1.1 200 OK\r\nCONTENT-LENGTH: \t5 \r\n\r\n123",
    ])
    func `the length is that of head and body`(text: String) throws {
        let head = try #require(text.split(separator: "\r\n\r\n").first).utf8.count + 4
        #expect(Self.response(text) == .length(head + 5))
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"])
    func `without the blank line it is incomplete`(text: String) {
        #expect(Self.response(text) == .incomplete)
    }

    @Test(arguments: ["404 Not Found", "301 Moved Permanently", "500 Internal Server Error"])
    func `another status is a refusal`(status: String) {
        #expect(Self.response("HTTP/1.1 \(status)\r\nContent-Length: 5\r\n\r\n") == .refused("HTTP/1.1 \(status)"))
    }

    @Test(arguments: ["A: b", "Content-Length: x", "Content-Length: -1", "Content-Length: 99999999999999999999"])
    func `a length that cannot be used is unknown`(line: String) {
        #expect(Self.response("HTTP/1.1 200 OK\r\n\(line)\r\n\r\n") == .unknownLength)
    }
}

@Suite struct PageClientTests {
    @Test func `a cookie is no token`() throws {
        let server = try SampleServers.none(.cookie("a=b"))
        let error = #expect(throws: ChatError.self) { try PageClient(server) }
        #expect(error?.code == .usage)
    }

    @Test func `the status of a refusal is reported`() throws {
        let server = try TinyServer(TinyServer.Faults(status: "404 Not Found"))
        defer { server.stop() }
        let client = try PageClient(SampleServers.at(server))
        let error = #expect(throws: ChatError.self) { try client.page(before: 51, limit: 50) }
        #expect(error?.message == "server \(server.url): it answered 'HTTP/1.1 404 Not Found'")
    }

    @Test func `a response that ends early is reported`() throws {
        let server = try TinyServer(TinyServer.Faults(status: "200 OK\r\nContent-Length: 9999"))
        defer { server.stop() }
        let client = try PageClient(SampleServers.at(server))
        let error = #expect(throws: ChatError.self) { try client.page(before: 51, limit: 50) }
        #expect(error?.message.hasSuffix("it did not send a complete response") == true)
    }

    @Test func `a page takes some time`() throws {
        let server = try TinyServer(TinyServer.Faults(status: "200 OK\r\nContent-Length: 0"))
        defer { server.stop() }
        #expect(try PageClient(SampleServers.at(server)).page(before: 51, limit: 50) > 0)
    }
}
