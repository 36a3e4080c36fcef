import NIOCore
import Testing

@testable import ChatBus

@Suite struct RedisCommandTests {
    private func text(_ buffer: ByteBuffer) -> String { String(buffer: buffer) }

    @Test func `a command is an array of its words`() {
        #expect(text(RedisCommand.bytes(["PING"])) == "*1\r\n$4\r\nPING\r\n")
        #expect(
            text(RedisCommand.bytes(["AUTH", "bob", "pä ss"])) == "*3\r\n$4\r\nAUTH\r\n$3\r\nbob\r\n$6\r\npä ss\r\n")
    }

    @Test func `an empty word keeps its place`() {
        #expect(text(RedisCommand.bytes(["AUTH", ""])) == "*2\r\n$4\r\nAUTH\r\n$0\r\n\r\n")
    }

    @Test func `a word cannot smuggle in another command`() {
        let word = "x\r\n*1\r\n$8\r\nFLUSHALL\r\n"
        #expect(text(RedisCommand.bytes(["ECHO", word])) == "*2\r\n$4\r\nECHO\r\n$\(word.utf8.count)\r\n\(word)\r\n")
    }

    @Test func `a payload follows the words with all its bytes`() {
        let payload: [UInt8] = [0, 255, 13, 10]
        let bytes = Array(buffer: RedisCommand.bytes(["PUBLISH", "c"], payload: payload))
        #expect(bytes == Array("*3\r\n$7\r\nPUBLISH\r\n$1\r\nc\r\n$4\r\n".utf8) + payload + [13, 10])
        #expect(text(RedisCommand.bytes(["PUBLISH", "c"], payload: [])).hasSuffix("$0\r\n\r\n"))
    }

    @Test func `a reader takes back what a command says`() throws {
        let reader = try #require(RedisReader())
        #expect(reader.feed(RedisCommand.bytes(["message", "c:1"], payload: [1, 2])))
        #expect(reader.next() == .reply(.message(channel: "c:1", payload: ByteBuffer(bytes: [1, 2]))))
    }
}
