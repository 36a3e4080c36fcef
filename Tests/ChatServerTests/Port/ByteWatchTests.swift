import Testing

@testable import ChatServer

/// Which bytes of a read are parsed apart.
@Suite struct ByteWatchTests {
    private func count(_ text: String) -> Int? {
        Array(text.utf8).withUnsafeBytes { ByteWatch.countBeforeLast($0) }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", "\r\n", "\r\n\r\n", "x", "", "x\r\n",
    ])
    func `what ends with an empty line, and a single byte, is parsed at once`(text: String) {
        #expect(count(text) == nil)
    }

    @Test(arguments: [
        ("\r\n\r\nG", 4), ("body", 3), ("{}\r\n", 1), ("GET / HTTP/1.1\r\nHost: x\r\n", 22), ("a\n\n", nil),
    ])
    func `else the last byte that is no line end is parsed apart`(text: String, expected: Int?) {
        #expect(count(text) == expected)
    }
}
