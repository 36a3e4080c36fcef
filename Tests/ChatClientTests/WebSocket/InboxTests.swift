import NIOCore
import Testing

@testable import ChatClient

@Suite struct WebSocketTests {
    /// The example of RFC 6455 §1.3.
    private let key = "dGhlIHNhbXBsZSBub25jZQ=="
    private let accepted =
        "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

    @Test func `an accepted handshake hands on what came behind it`() {
        var answer = UpgradeAnswer(key: key)
        for byte in accepted.utf8.dropLast() { #expect(answer.feed(ByteBuffer(bytes: [byte])) == .incomplete) }
        #expect(answer.feed(ByteBuffer(string: "\nrest")) == .accepted(rest: ByteBuffer(string: "rest")))
    }

    @Test func `a wrong accept key and what is no HTTP are broken`() {
        var answer = UpgradeAnswer(key: "AAAAAAAAAAAAAAAAAAAAAA==")
        #expect(answer.feed(ByteBuffer(string: accepted)) == .broken)
        var other = UpgradeAnswer(key: key)
        #expect(other.feed(ByteBuffer(string: "SSH-2.0\r\n\r\n")) == .broken)
    }

    @Test func `a refusal comes with its body`() {
        var answer = UpgradeAnswer(key: key)
        #expect(answer.feed(ByteBuffer(string: "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{")) == .incomplete)
        #expect(answer.feed(ByteBuffer(string: "}")) == .refused(status: 404, body: Array("{}".utf8)))
    }

    @Test func `an inbox pauses its writer when full and resumes it when read`() async {
        let inbox = Inbox()
        let frame = [UInt8](repeating: 0, count: Inbox.high / 4)
        #expect((0..<4).map { _ in inbox.put(frame) } == [false, false, false, true])
        inbox.end(code: 1001)
        var resumedAfter: [Int] = []
        for count in 1...4 {
            let event = await inbox.next { resumedAfter.append(count) }
            #expect(event == .text(frame))
        }
        #expect(resumedAfter == [3])
        let last = await inbox.next {}
        #expect(last == .closed(code: 1001))
    }

    @Test func `a reader waits for an event and ends when cancelled`() async {
        let inbox = Inbox()
        let reader = Task { await inbox.next {} }
        #expect(!inbox.put([1]))
        #expect(await reader.value == .text([1]))
        let cancelled = Task { await inbox.next {} }
        cancelled.cancel()
        #expect(await cancelled.value == nil)
    }

    @Test func `attempts are spaced out, up to two seconds`() {
        #expect(BackOff.delay(attempt: 1, chance: 0) == .milliseconds(50))
        #expect(BackOff.delay(attempt: 2, chance: 1) == .milliseconds(200))
        #expect(BackOff.delay(attempt: 1_000, chance: 1) == .seconds(2))
    }
}
