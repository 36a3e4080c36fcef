import NIOCore
import NIOHTTP1
import Testing

@testable import ChatServer

/// What a request is told that the parser does not accept.
@Suite struct PortRefusalTests {
    private func status(_ fault: HTTPParserError, _ text: String) -> Int {
        Int(Refusal(fault, in: ByteBuffer(string: text)).status.code)
    }

    @Test(
        arguments: [
            ("FROB / HTTP/1.1\r\nHost: x\r\n\r\n", 501), ("get / HTTP/1.1\r\n\r\n", 501),
            ("GET / HTTP/1.1\r\nHost: x\r\n\r\nFROB / HTTP/1.1\r\n\r\n", 501), ("GET / HTTP/1.1\r\n\r\n", 400),
            ("\u{16}\u{3}\u{1} what\r\n\r\n", 400), ("FR(OB / HTTP/1.1\r\n\r\n", 400), ("FROB /\r\n", 400), ("", 400),
        ] as [(String, Int)])
    func `a method that nobody knows is 501, what is no request line 400`(text: String, expected: Int) {
        #expect(status(.invalidMethod, text) == expected)
    }

    @Test(
        arguments: [
            ("GET / HTTP/1.2\r\nHost: x\r\n\r\n", 505), ("GET / HTTP/2.0\r\n\r\n", 505),
            ("GET / HTTP/3.7\r\n\r\n", 505),
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1x1\r\n\r\n", 400), ("GET / HTTP/1.10\r\n\r\n", 400),
            ("GET / HTTP/x.y\r\n\r\n", 400),
        ] as [(String, Int)])
    func `another version is 505`(text: String, expected: Int) {
        #expect(status(.invalidVersion, text) == expected)
    }

    @Test func `without bytes it is no HTTP`() {
        #expect(Refusal(.invalidMethod, in: nil).status == .badRequest)
    }
}
