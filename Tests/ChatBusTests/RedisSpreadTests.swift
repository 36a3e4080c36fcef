import ChatCore
import NIOCore
import NIOPosix
import Testing

@testable import ChatBus

/// How rooms are spread over servers, how batches are cut, what travels.
@Suite struct RedisSpreadTests {
    @Test func `rooms are spread evenly, and one more server moves only the rooms it gets`() throws {
        let servers = try ["a", "b", "c"].map { name in
            RedisServer(try RedisAddress("redis://\(name)"), on: NIOSingletons.posixEventLoopGroup.next(), prefix: "")
        }
        func owner(_ room: RoomID, of count: Int) -> Int? {
            (0..<count).max { servers[$0].mark(of: room) < servers[$1].mark(of: room) }
        }
        let rooms = (1...3_000).map { RoomID(Int64($0)) }
        let (two, three) = (rooms.map { owner($0, of: 2) }, rooms.map { owner($0, of: 3) })
        for number in 0..<3 { #expect((900...1_100).contains(three.count { $0 == number })) }
        #expect(zip(two, three).allSatisfy { $0 == $1 || $1 == 2 })
    }

    @Test(arguments: [1, 10, 35, 100, 1_000]) func `the parts of a batch are the batch`(size: Int) {
        let ends = (1...10).map { $0 * 10 }
        let batch = MessageBatch(room: RoomID(1), firstSeq: 5, bytes: (0..<100).map { UInt8($0) }, ends: ends)
        let parts = batch.parts(ofAtMost: size)
        #expect(parts.flatMap(\.bytes) == batch.bytes)
        #expect(parts.flatMap { Array($0.firstSeq...$0.lastSeq) } == Array(5...14))
        #expect(parts.allSatisfy { $0.ends.last == $0.bytes.count && ($0.bytes.count <= size || $0.count == 1) })
    }

    @Test func `what travels comes back as it was, and not to its sender`() throws {
        let room = RoomReference(id: RoomID(7), name: try RoomName("red"))
        let (bob, eve) = (try Username("bob"), try Username("eve"))
        let batch = MessageBatch(room: room.id, firstSeq: 3, bytes: [1, 2, 3], ends: [1, 3])
        let change = PresenceChange(room: room, joined: [bob, eve], left: [eve])
        let sent: [(RedisPayload, BusEvent)] = [
            (.batch(batch), .batch(batch)), (.typing(room: room, bob), .event(.typing(room: room, username: bob))),
            (.presence(change), .event(.presence(change))),
        ]
        for (payload, event) in sent {
            let bytes = ByteBuffer(bytes: payload.encoded(from: 1))
            #expect(RedisPayload.decode(bytes, in: room.id, besides: 2) == [event])
            #expect(RedisPayload.decode(bytes, in: room.id, besides: 1) == [])
        }
    }

    @Test func `a payload that is cut short or of another version is not read`() {
        let batch = MessageBatch(room: RoomID(1), firstSeq: 3, bytes: [1, 2, 3], ends: [1, 3])
        let bytes = RedisPayload.batch(batch).encoded(from: 1)
        for length in 0..<bytes.count {
            #expect(RedisPayload.decode(ByteBuffer(bytes: bytes.prefix(length)), in: RoomID(1), besides: 2) == nil)
        }
        #expect(RedisPayload.decode(ByteBuffer(bytes: [9] + bytes.dropFirst()), in: RoomID(1), besides: 2) == nil)
    }
}
