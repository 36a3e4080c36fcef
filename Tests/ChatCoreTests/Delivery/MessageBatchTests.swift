import ChatCore
import Testing

/// Cutting a batch of encoded messages.
@Suite struct MessageBatchTests {
    private let batch = MessageBatch(room: RoomID(1), firstSeq: 5, bytes: Array("abbccc".utf8), ends: [1, 3, 6])

    @Test func `it counts from its first seq`() {
        #expect(batch.count == 3)
        #expect(batch.lastSeq == 7)
    }

    @Test(arguments: [Int64.min, 0, 4])
    func `behind an earlier seq it is whole`(seq: Int64) {
        #expect(batch.after(seq) == batch)
    }

    @Test(arguments: [7, 8, Int64.max])
    func `behind its last seq nothing is left`(seq: Int64) {
        #expect(batch.after(seq) == nil)
    }

    @Test func `what is left keeps its bytes and its seq`() {
        let rest = MessageBatch(room: RoomID(1), firstSeq: 6, bytes: Array("bbccc".utf8), ends: [2, 5])
        #expect(batch.after(5) == rest)
        let last = MessageBatch(room: RoomID(1), firstSeq: 7, bytes: Array("ccc".utf8), ends: [3])
        #expect(batch.after(6) == last)
        #expect(rest.after(6) == last)
    }
}
