import Testing

@testable import ChatWire

@Suite struct WebSocketHandshakeTests {
    @Test func `the accept key of RFC 6455 section 1.3 is made`() {
        #expect(WebSocketHandshake.accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test(arguments: [
        ("dGhlIHNhbXBsZSBub25jZQ==", true), ("AAAAAAAAAAAAAAAAAAAAAA==", true), ("/+/+/+/+/+/+/+/+/+/+/w==", true),
        ("", false), ("dGhlIHNhbXBsZQ==", false), ("dGhlIHNhbXBsZSBub25jZTE=", false),
        ("dGhlIHNhbXBsZSBub25jZQ", false),
        ("dGhlIHNhbXBsZSBub25jZQ=", false), ("dGhlIHNhbXBsZSBub25j ZQ==", false), ("dGhlIHNhbXBsZSBub25jZQ==\n", false),
        ("_-_-_-_-_-_-_-_-_-_-_w==", false), ("dGhlIHNhbXBsZSBub25jZ\u{e9}==", false),
    ])
    func `a key is 16 bytes in base64`(key: String, isValid: Bool) {
        #expect(WebSocketHandshake.isValid(key: key) == isValid)
    }
}
