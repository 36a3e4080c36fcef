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

    private func isWhole(_ bytes: [UInt8], _ ends: [Int]) -> Bool {
        WireCoder().isWhole(MessageBatch(room: RoomID(1), firstSeq: 1, bytes: bytes, ends: ends))
    }

    @Test func `a batch from a bus is whole when it consists of text frames and nothing else`() {
        let frame = WebSocketFrame.encode(.text, Array("{}".utf8))
        let long = WebSocketFrame.encode(.text, [UInt8](repeating: 65, count: 300))
        #expect(isWhole(frame, [4]))
        #expect(isWhole(frame + long + frame, [4, 308, 312]))
        #expect(!isWhole(frame, [3]))
        #expect(!isWhole(frame + [0], [4]))
        #expect(!isWhole(frame + frame, [8]))
        #expect(!isWhole(frame + frame, [4, 4, 8]))
        #expect(!isWhole(frame, [9]))
        #expect(!isWhole([], [0]))
        #expect(!isWhole(WebSocketFrame.encode(.close, []), [2]))
        #expect(!isWhole(WebSocketFrame.encode(.text, [65], mask: 7), [7]))
        #expect(!isWhole([0x01] + frame.dropFirst(), [4]))
        #expect(!isWhole(Array("<script>".utf8), [8]))
    }
}
