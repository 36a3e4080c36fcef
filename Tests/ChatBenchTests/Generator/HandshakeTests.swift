import ChatCore
import Testing

@testable import ChatBench

@Suite struct HandshakeTests {
    private static func lines(_ credential: ServerUnderTest.Credential, index: Int = 0) throws -> [String] {
        let handshake = Handshake(try SampleServers.none(credential), path: "/ws")
        let request = handshake.request(for: index)
        #expect(request.hasSuffix("\r\n\r\n"))
        return request.split(separator: "\r\n").map { String($0) }
    }

    @Test func `the request asks for an upgrade`() throws {
        let lines = try Self.lines(.tokens(["t"]))
        #expect(lines.first == "GET /ws HTTP/1.1")
        for line in [
            "Host: 127.0.0.1:9", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Authorization: Bearer t",
        ] { #expect(lines.contains(line)) }
    }

    @Test func `connections take the tokens in turn`() throws {
        let tokens = ServerUnderTest.Credential.tokens(["a", "b", "c"])
        let used = try (0..<5).map { try Self.lines(tokens, index: $0).last }
        #expect(used == ["a", "b", "c", "a", "b"].map { "Authorization: Bearer \($0)" })
    }

    @Test func `a cookie comes with the origin that browsers send`() throws {
        let lines = try Self.lines(.cookie("session=1"))
        #expect(lines.suffix(2) == ["Cookie: session=1", "Origin: http://127.0.0.1:9"])
        #expect(!lines.contains { $0.hasPrefix("Authorization") })
    }
}

@Suite struct ResponseHeadTests {
    private static func head(_ text: String) -> ResponseHead { Array(text.utf8).withUnsafeBytes(ResponseHead.init) }

    @Test(arguments: ["", "H", "\r\n\r", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n", "a\n\nb"])
    func `a head without its blank line is incomplete`(text: String) {
        guard case .incomplete = Self.head(text) else {
            Issue.record("it is complete")
            return
        }
    }

    @Test func `a complete head has its status, its lines and its length`() {
        let text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
        guard case .complete(let status, let lines, let length) = Self.head(text + "\u{81}rest") else {
            Issue.record("it is incomplete")
            return
        }
        #expect(status == "HTTP/1.1 101 Switching Protocols")
        #expect(lines == ["Upgrade: websocket", "Connection: Upgrade"] && length == text.utf8.count)
    }

    @Test func `an empty head has no status`() {
        guard case .complete(let status, let lines, let length) = Self.head("\r\n\r\n") else {
            Issue.record("it is incomplete")
            return
        }
        #expect(status.isEmpty && lines.isEmpty && length == 4)
    }
}
