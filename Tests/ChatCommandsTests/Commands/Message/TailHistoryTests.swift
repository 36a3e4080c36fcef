import ChatCore
import Testing

@testable import ChatCommands

@Suite struct TailHistoryTests {
    private func history(_ room: String, lastSeq: Int64 = 9, _ messages: (seq: Int64, time: Int64)...) -> TailHistory {
        let name = RoomName(stored: room)
        return TailHistory(
            log: RoomLog(name: name, epoch: "epoch of \(room)", lastSeq: lastSeq),
            messages: messages.map { seq, time in
                Message(
                    id: seq, room: RoomReference(id: RoomID(0), name: name), seq: seq, body: MessageBody(stored: "m"),
                    author: Author(id: UserID(1), username: Username(stored: "alice"), displayName: "Alice"),
                    createdAt: Timestamp(milliseconds: time))
            })
    }

    private func order(_ histories: TailHistory...) -> [String] {
        TailHistory.merged(histories).map { "\($0.message.room.name) \($0.message.seq)" }
    }

    @Test func `rooms are merged by time`() {
        #expect(
            order(history("a", (1, 10), (2, 30), (3, 50)), history("b", (7, 20), (8, 30), (9, 40)))
                == ["a 1", "b 7", "a 2", "b 8", "b 9", "a 3"])
    }

    @Test func `each room stays in the order of its log, whatever the clock did`() {
        #expect(order(history("a", (1, 90), (2, 95), (3, 5), (4, 6))) == ["a 1", "a 2", "a 3", "a 4"])
        #expect(
            order(history("a", (1, 90), (2, 5), (3, 100)), history("b", (1, 50), (2, 95)))
                == ["b 1", "a 1", "a 2", "b 2", "a 3"])
    }

    @Test func `each message bears its log's epoch`() {
        let merged = TailHistory.merged([history("a", (1, 10)), history("b", (1, 5))])
        #expect(merged.map(\.epoch) == ["epoch of b", "epoch of a"])
    }

    @Test func `a run starts before its first message, or at the end of the log`() {
        #expect(history("a", (4, 1), (5, 2)).start == 3)
        #expect(history("a", lastSeq: 9).start == 9 && history("a", lastSeq: 0).start == 0)
    }
}
