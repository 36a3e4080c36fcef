import NIOCore
import Testing

@testable import ChatBus

@Suite struct RedisReaderTests {
    private let reader: RedisReader

    init() throws {
        reader = try #require(RedisReader())
    }

    private func feed(_ text: String) { #expect(reader.feed(ByteBuffer(string: text))) }

    /// Everything up to the first step that is no reply.
    private func replies() -> (replies: [RedisReply], end: RedisReader.Step) {
        var replies: [RedisReply] = []
        while true {
            let step = reader.next()
            guard case .reply(let reply) = step else { return (replies, step) }
            replies.append(reply)
        }
    }

    @Test(
        arguments: [
            ("+OK\r\n", .fine), ("+PONG\r\n", .fine), (":3\r\n", .fine), ("$2\r\nhi\r\n", .fine), ("$-1\r\n", .fine),
            ("*0\r\n", .fine), ("*-1\r\n", .fine), ("-ERR no such thing\r\n", .failure("ERR no such thing")),
            ("-NOAUTH Authentication required.\r\n", .failure("NOAUTH Authentication required.")),
            ("*3\r\n$9\r\nsubscribe\r\n$3\r\nc:1\r\n:1\r\n", .subscribed(channel: "c:1")),
            ("*3\r\n$11\r\nunsubscribe\r\n$3\r\nc:1\r\n:0\r\n", .fine),
            ("*3\r\n$7\r\nmessage\r\n$3\r\nc:1\r\n$0\r\n\r\n", .message(channel: "c:1", payload: ByteBuffer())),
            ("*2\r\n$4\r\npong\r\n$0\r\n\r\n", .fine), ("*3\r\n:1\r\n:2\r\n:3\r\n", .fine),
            ("*3\r\n$-1\r\n$-1\r\n$-1\r\n", .fine),
        ] as [(String, RedisReply)])
    func `each reply has its meaning`(text: String, reply: RedisReply) {
        feed(text)
        #expect(reader.next() == .reply(reply))
        #expect(reader.next() == .needsMoreBytes)
    }

    @Test func `a payload may have any bytes`() {
        let bytes = [UInt8](0...255) + Array("\r\n$5\r\n".utf8)
        var buffer = ByteBuffer(string: "*3\r\n$7\r\nmessage\r\n$3\r\nc:1\r\n$\(bytes.count)\r\n")
        buffer.writeBytes(bytes)
        buffer.writeString("\r\n")
        #expect(reader.feed(buffer))
        #expect(reader.next() == .reply(.message(channel: "c:1", payload: ByteBuffer(bytes: bytes))))
    }

    @Test func `replies are found however the bytes are cut`() {
        let text = "+OK\r\n*3\r\n$7\r\nmessage\r\n$3\r\nc:1\r\n$2\r\nhi\r\n-ERR x\r\n"
        var found: [RedisReply] = []
        for byte in text.utf8 {
            #expect(reader.feed(ByteBuffer(bytes: [byte])))
            found += replies().replies
        }
        #expect(found == [.fine, .message(channel: "c:1", payload: ByteBuffer(string: "hi")), .failure("ERR x")])
    }

    @Test func `many replies in one piece come one by one`() {
        feed(String(repeating: "+OK\r\n", count: 1_000) + "+O")
        let (found, end) = replies()
        #expect(found.count == 1_000 && end == .needsMoreBytes)
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n", "x\r\n", "*x\r\n", "$x\r\n", "\u{15}\u{3}\u{1}\u{0}\u{2}"])
    func `what is not the protocol is malformed`(text: String) {
        feed("+OK\r\n" + text)
        let (found, end) = replies()
        #expect(found == [.fine] && end == .malformed)
        #expect(reader.next() == .malformed && !reader.feed(ByteBuffer(string: "+OK\r\n")))
    }
}
