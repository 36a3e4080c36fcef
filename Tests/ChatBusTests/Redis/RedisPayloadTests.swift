import ChatCore
import ChatTestKit
import NIOCore
import Testing

@testable import ChatBus

@Suite struct RedisPayloadTests {
    private static let room = RoomReference(id: RoomID(7), name: RoomName(stored: "red"))
    private static let batch = MessageBatch(room: RoomID(7), firstSeq: 3, bytes: [1, 2, 3], ends: [1, 3])
    private static let (bob, eve) = (Username(stored: "bob"), Username(stored: "eve"))
    private static let change = PresenceChange(room: room, joined: [bob, eve], left: [eve])

    private static let samples: [(payload: RedisPayload, event: BusEvent)] = [
        (.batch(batch), .batch(batch)), (.typing(room: room, bob), .event(.typing(room: room, username: bob))),
        (.presence(change), .event(.presence(change))),
        (.presence(PresenceChange(room: room)), .event(.presence(PresenceChange(room: room)))),
    ]

    private func decode(_ bytes: [UInt8], besides origin: UInt64 = 2) -> [BusEvent]? {
        RedisPayload.decode(ByteBuffer(bytes: bytes), in: Self.room.id, besides: origin)
    }

    @Test func `what is sent comes back as it was, but not to its sender`() {
        for (payload, event) in Self.samples {
            #expect(decode(payload.encoded(from: 1)) == [event])
            #expect(decode(payload.encoded(from: 2)) == [])
            #expect(decode(payload.encoded(from: .max), besides: .max - 1) == [event])
        }
    }

    @Test func `a payload that is cut short anywhere is not read`() {
        for (payload, _) in Self.samples {
            let bytes = payload.encoded(from: 1)
            for length in 0..<bytes.count { #expect(decode(Array(bytes.prefix(length))) == nil) }
        }
    }

    @Test func `another version and an unknown kind are not read, whoever sent them`() {
        for (payload, _) in Self.samples {
            let bytes = payload.encoded(from: 1)
            #expect(decode([9] + bytes.dropFirst()) == nil)
            #expect(decode([0] + bytes.dropFirst(), besides: 1) == nil)
            for kind in [0, 4, 255] as [UInt8] {
                #expect(decode(Array(bytes.prefix(9)) + [kind] + Array(bytes.dropFirst(10))) == nil)
            }
        }
    }

    /// A batch by its parts, so that each can be wrong.
    private func batch(firstSeq: Int64 = 1, count: UInt32, ends: [UInt32], bytes: Int) -> [UInt8] {
        var buffer = ByteBuffer(bytes: RedisPayload.batch(Self.batch).encoded(from: 1).prefix(10))
        buffer.writeInteger(firstSeq)
        buffer.writeInteger(count)
        for end in ends { buffer.writeInteger(end) }
        buffer.writeRepeatingByte(65, count: bytes)
        return Array(buffer: buffer)
    }

    @Test func `a batch must consist of messages that fill it`() {
        #expect(decode(batch(count: 2, ends: [1, 3], bytes: 3))?.count == 1)
        #expect(decode(batch(count: 0, ends: [], bytes: 0)) == nil)
        #expect(decode(batch(count: 2, ends: [1, 3], bytes: 4)) == nil)
        #expect(decode(batch(count: 2, ends: [1, 3], bytes: 2)) == nil)
        #expect(decode(batch(count: 2, ends: [3, 1], bytes: 3)) == nil)
        #expect(decode(batch(count: 2, ends: [3, 3], bytes: 3)) == nil)
        #expect(decode(batch(count: 1, ends: [0], bytes: 0)) == nil)
    }

    @Test(arguments: [0, -1, .min, .max, (1 << 53) + 1] as [Int64])
    func `a seq must be one that can be counted on from`(seq: Int64) {
        #expect(decode(batch(firstSeq: seq, count: 2, ends: [1, 3], bytes: 3)) == nil)
    }

    @Test(arguments: ["", "UPPER case", "a\u{0}", "../x", "\u{202e}red"]) func `names must be names`(name: String) {
        let wrong = RoomReference(id: RoomID(7), name: RoomName(stored: name))
        let user = Username(stored: name)
        for payload in [
            RedisPayload.typing(room: wrong, Self.bob), .typing(room: Self.room, user),
            .presence(PresenceChange(room: wrong)),
            .presence(PresenceChange(room: Self.room, joined: [Self.bob, user], left: [])),
            .presence(PresenceChange(room: Self.room, joined: [], left: [user])),
        ] { #expect(decode(payload.encoded(from: 1)) == nil) }
    }

    @Test func `a count that the bytes cannot hold costs no memory`() {
        #expect(decode(batch(count: .max, ends: [1], bytes: 1)) == nil)
        let presence = RedisPayload.presence(PresenceChange(room: Self.room)).encoded(from: 1)
        #expect(decode(Array(presence.dropLast(8)) + [255, 255, 255, 255]) == nil)
    }

    @Test func `random bytes are never more than refused`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let kind = UInt8.random(in: 1...3, using: &generator)
            let tail = (0..<Int.random(in: 0...40)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let decoded = decode([1, 0, 0, 0, 0, 0, 0, 0, 1, kind] + tail)
            guard case .batch(let batch) = decoded?.first else { continue }
            #expect(batch.ends.last == batch.bytes.count && batch.ends == batch.ends.sorted())
        }
    }

    @Test func `typing and presence are of high volume, all other events are critical`() throws {
        let fast = try SampleEvents.all().filter { RedisPayload.highVolume($0) != nil }
        #expect(fast.count == 2)
        for event in fast {
            let (room, payload) = try #require(RedisPayload.highVolume(event))
            #expect(room == RoomID(3))
            #expect(
                RedisPayload.decode(ByteBuffer(bytes: payload.encoded(from: 1)), in: room, besides: 2) == [
                    .event(event)
                ])
        }
    }
}
