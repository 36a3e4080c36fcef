import NIOCore
import Testing

@testable import ChatClient

@Suite struct UpgradeAnswerTests {
    /// The example of RFC 6455 §1.3.
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    private static let accepted =
        "HTTP/1.1 101 Switching Protocols\r\nsec-websocket-ACCEPT:\ts3pPLMBiTxaQ9kYGzzhZRbK+xOo= \r\nX: y\r\n\r\n"
    private static let refused = "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}"

    private func feed(_ parts: [String], key: String = key) -> [UpgradeAnswer.Outcome] {
        var answer = UpgradeAnswer(key: key)
        return parts.map { answer.feed(ByteBuffer(string: $0)) }
    }

    private func split(_ text: String, at index: Int) -> [String] {
        [String(text.unicodeScalars.prefix(index)), String(text.unicodeScalars.dropFirst(index))]
    }

    @Test(arguments: 1..<accepted.unicodeScalars.count)
    func `an accepted handshake hands on what came behind it, wherever it is split`(index: Int) {
        #expect(
            feed(split(Self.accepted, at: index).dropLast() + [split(Self.accepted, at: index)[1] + "rest"]) == [
                .incomplete, .accepted(rest: ByteBuffer(string: "rest")),
            ])
    }

    @Test(arguments: 1..<refused.unicodeScalars.count)
    func `a refusal comes with its body, wherever it is split`(index: Int) {
        #expect(
            feed(split(Self.refused, at: index)) == [.incomplete, .refused(status: 404, body: Array("{}".utf8))])
    }

    @Test(arguments: [
        "HTTP/1.1 503 Busy\r\n\r\n", "HTTP/1.1 503 Busy\r\ncontent-length: x\r\n\r\n",
        "HTTP/1.1 503 Busy\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "HTTP/1.1 503 Busy\r\ncontent-length: -5\r\n\r\n",
    ])
    func `a refusal whose body has no length is not waited for`(text: String) {
        #expect(feed([text]) == [.refused(status: 503, body: [])])
    }

    @Test(arguments: [
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
        "SSH-2.0\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 x y\r\n\r\n", "HTTP/2 101 x\r\n\r\n", "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx: " + String(repeating: "y", count: 16_384),
    ])
    func `what does not answer the handshake is broken`(text: String) {
        #expect(feed([text]) == [.broken])
    }

    @Test func `the answer to another key is broken`() {
        #expect(feed([Self.accepted], key: "AAAAAAAAAAAAAAAAAAAAAA==") == [.broken])
    }
}
