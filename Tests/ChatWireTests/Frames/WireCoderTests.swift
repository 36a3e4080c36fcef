import ChatCore
import Testing

@testable import ChatWire

@Suite struct WireCoderTests {
    @Test func `a batch is its messages' frames, of whatever length, one after the other`() throws {
        let bodies = ["hi", String(repeating: "\u{2}", count: 16_384), "", String(repeating: "é", count: 300)]
        let messages = bodies.enumerated().map { Sample.message(seq: Int64($0.offset) + 9, body: $0.element) }
        let batch = try #require(WireCoder().batch(messages))
        #expect(batch.firstSeq == 9 && batch.lastSeq == 12 && batch.room == RoomID(0))
        for (index, message) in messages.enumerated() {
            let start = index == 0 ? 0 : batch.ends[index - 1]
            #expect(Array(batch.bytes[start..<batch.ends[index]]) == ServerFrame.message(message))
        }
        #expect(batch.ends.last == batch.bytes.count)
    }

    @Test func `no messages are no batch`() {
        #expect(WireCoder().batch([]) == nil)
    }
}
