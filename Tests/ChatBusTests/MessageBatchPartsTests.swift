import ChatCore
import Testing

@testable import ChatBus

@Suite struct MessageBatchPartsTests {
    @Test(arguments: [1, 10, 35, 100, 1_000]) func `the parts of a batch are the batch`(size: Int) {
        let ends = (1...10).map { $0 * 10 }
        let batch = MessageBatch(room: RoomID(1), firstSeq: 5, bytes: (0..<100).map { UInt8($0) }, ends: ends)
        let parts = batch.parts(ofAtMost: size)
        #expect(parts.flatMap(\.bytes) == batch.bytes)
        #expect(parts.flatMap { Array($0.firstSeq...$0.lastSeq) } == Array(5...14))
        #expect(parts.allSatisfy { $0.ends.last == $0.bytes.count && ($0.bytes.count <= size || $0.count == 1) })
    }

    @Test func `parts are as large as they may be`() {
        let batch = MessageBatch(
            room: RoomID(1), firstSeq: 1, bytes: [UInt8](repeating: 65, count: 100), ends: (1...10).map { $0 * 10 })
        #expect(batch.parts(ofAtMost: 35).map(\.count) == [3, 3, 3, 1])
        #expect(batch.parts(ofAtMost: 50).map(\.count) == [5, 5])
    }

    @Test func `a message that is larger than a part is one of its own`() {
        let batch = MessageBatch(
            room: RoomID(1), firstSeq: 1, bytes: [UInt8](repeating: 65, count: 60), ends: [5, 10, 50, 55, 60])
        #expect(batch.parts(ofAtMost: 12).map(\.ends) == [[5, 10], [40], [5, 10]])
    }
}
