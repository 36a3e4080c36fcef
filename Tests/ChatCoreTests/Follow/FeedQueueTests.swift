import Testing

@testable import ChatCore

/// What a feed over a log gives out next.
@Suite struct FeedQueueTests {
    private let general = RoomReference(id: RoomID(1), name: RoomName(stored: "general"))
    private let plans = RoomReference(id: RoomID(2), name: RoomName(stored: "plans"))
    private let me = UserID(7)

    private func message(_ seq: Int64, in room: RoomReference) -> Message {
        Message(
            id: seq, room: room, seq: seq, body: MessageBody(stored: "m\(seq)"),
            author: Author(id: me, username: Username(stored: "me"), displayName: "Me"),
            createdAt: Timestamp(milliseconds: seq))
    }

    private func messages(_ range: ClosedRange<Int64>, in room: RoomReference) -> [Message] {
        range.map { message($0, in: room) }
    }

    private func room(_ reference: RoomReference) -> Room {
        Room(
            id: reference.id, name: reference.name, kind: .public, topic: "", isArchived: false, lastSeq: 0,
            lastMessageAt: nil, memberCount: 0, onlineCount: 0, createdAt: Timestamp(milliseconds: 0))
    }

    /// A queue that follows `general` and has read it to its end at 5.
    private func settledQueue() -> FeedQueue {
        var queue = FeedQueue()
        queue.add(general, after: 5, epoch: "e")
        _ = queue.next()
        queue.took([], of: general.id, asked: 10)
        return queue
    }

    // MARK: Messages

    @Test func `a new room is read once, whatever is known of its end`() {
        var queue = FeedQueue()
        queue.add(general, after: 5, epoch: "e")
        #expect(queue.next() == .read(general, after: 5))
        queue.took([], of: general.id, asked: 10)
        #expect(queue.next() == .wait)
        #expect(queue.isIdle)
    }

    @Test func `a page is given out in order before the next one is read`() {
        var queue = FeedQueue()
        queue.add(general, after: 0, epoch: "e")
        #expect(queue.next() == .read(general, after: 0))
        queue.took(messages(1...2, in: general), of: general.id, asked: 2)
        #expect(queue.next() == .give(.message(message(1, in: general), epoch: "e")))
        #expect(queue.next() == .give(.message(message(2, in: general), epoch: "e")))
        #expect(queue.next() == .read(general, after: 2))
    }

    @Test func `growth makes the room be read from where it stands`() {
        var queue = settledQueue()
        queue.take(.grown(general.id, seq: 6), for: me, seesAll: false)
        #expect(!queue.isIdle)
        #expect(queue.next() == .read(general, after: 5))
    }

    @Test func `a batch counts as growth, and one that was read already as none`() {
        var queue = settledQueue()
        queue.take(
            .batch(MessageBatch(room: general.id, firstSeq: 4, bytes: [1], ends: [1])), for: me, seesAll: false)
        #expect(queue.next() == .wait)
        queue.take(
            .batch(MessageBatch(room: general.id, firstSeq: 6, bytes: [1], ends: [1])), for: me, seesAll: false)
        #expect(queue.next() == .read(general, after: 5))
    }

    @Test func `growth while the log is read is not forgotten`() {
        var queue = settledQueue()
        queue.take(.grown(general.id, seq: 6), for: me, seesAll: false)
        #expect(queue.next() == .read(general, after: 5))
        queue.take(.grown(general.id, seq: 7), for: me, seesAll: false)
        queue.took(messages(6...6, in: general), of: general.id, asked: 10)
        #expect(queue.next() == .give(.message(message(6, in: general), epoch: "e")))
        #expect(queue.next() == .read(general, after: 6))
    }

    @Test func `growth during the very first read is not forgotten`() {
        var queue = FeedQueue()
        queue.add(general, after: 5, epoch: "e")
        #expect(queue.next() == .read(general, after: 5))
        queue.take(.grown(general.id, seq: 6), for: me, seesAll: false)
        queue.took([], of: general.id, asked: 10)
        #expect(queue.next() == .read(general, after: 5))
    }

    @Test func `a message that was announced and no longer exists is not asked for again`() {
        var queue = settledQueue()
        queue.take(.grown(general.id, seq: 6), for: me, seesAll: false)
        #expect(queue.next() == .read(general, after: 5))
        queue.took([], of: general.id, asked: 10)
        #expect(queue.next() == .wait)
        queue.take(.grown(general.id, seq: 7), for: me, seesAll: false)
        #expect(queue.next() == .read(general, after: 5))
    }

    @Test func `what is at or before the position is not given out again`() {
        var queue = settledQueue()
        queue.take(.grown(general.id, seq: 6), for: me, seesAll: false)
        _ = queue.next()
        queue.took(messages(4...6, in: general), of: general.id, asked: 10)
        #expect(queue.next() == .give(.message(message(6, in: general), epoch: "e")))
        #expect(queue.next() == .wait)
    }

    @Test func `a read that failed is repeated`() {
        var queue = settledQueue()
        queue.take(.grown(general.id, seq: 6), for: me, seesAll: false)
        _ = queue.next()
        queue.failedToRead(general.id)
        #expect(queue.next() == .read(general, after: 5))
    }

    @Test func `rooms take turns`() {
        var queue = FeedQueue()
        queue.add(general, after: 0, epoch: "e")
        queue.add(plans, after: 0, epoch: "e")
        var read: [RoomID] = []
        for _ in 0..<4 {
            guard case .read(let room, let after) = queue.next() else { break }
            read.append(room.id)
            queue.took(messages(after + 1...after + 1, in: room), of: room.id, asked: 1)
            _ = queue.next()
        }
        #expect(read.count == 4)
        #expect(read[0] != read[1] && read[0] == read[2] && read[1] == read[3])
    }

    // MARK: Events

    @Test func `events of followed rooms come in their order`() {
        var queue = settledQueue()
        let bob = Username(stored: "bob")
        queue.take(.event(.typing(room: general, username: bob)), for: me, seesAll: false)
        queue.take(.event(.messageDeleted(room: general, seq: 3)), for: me, seesAll: false)
        queue.take(.presence(PresenceChange(room: general, joined: [bob]), onlineCount: 2), for: me, seesAll: false)
        #expect(queue.next() == .give(.typing(room: general.name, username: bob)))
        #expect(queue.next() == .give(.messageDeleted(room: general.name, seq: 3)))
        #expect(queue.next() == .give(.onlineCount(room: general.name, count: 2)))
        #expect(queue.next() == .give(.presence(room: general.name, joined: [bob], left: [])))
        #expect(queue.next() == .wait)
    }

    @Test func `a count is given where another one was given before`() {
        var queue = settledQueue()
        queue.take(.counts([general.id: 4]), for: me, seesAll: false)
        #expect(queue.next() == .wait)
        queue.take(.presence(PresenceChange(room: general), onlineCount: 2), for: me, seesAll: false)
        #expect(queue.next() == .give(.onlineCount(room: general.name, count: 2)))
        for counts in [[general.id: 2], [plans.id: 5], [:]] {
            queue.take(.counts(counts), for: me, seesAll: false)
            #expect(queue.next() == .wait)
        }
        queue.take(.counts([general.id: 1, plans.id: 5]), for: me, seesAll: true)
        #expect(queue.next() == .give(.onlineCount(room: general.name, count: 1)))
        #expect(queue.next() == .wait)
    }

    @Test func `events of other rooms are passed over`() {
        var queue = settledQueue()
        let bob = Username(stored: "bob")
        queue.take(.event(.typing(room: plans, username: bob)), for: me, seesAll: true)
        queue.take(.event(.messageDeleted(room: plans, seq: 3)), for: me, seesAll: true)
        queue.take(.presence(PresenceChange(room: plans), onlineCount: 2), for: me, seesAll: true)
        queue.take(.grown(plans.id, seq: 9), for: me, seesAll: true)
        #expect(queue.next() == .wait)
    }

    @Test(
        arguments: [(true, [], true), (false, [UserID(7)], true), (false, [UserID(8)], false)]
            as [(Bool, [UserID], Bool)])
    func `the shape of another room is for its members and for operators`(
        seesAll: Bool, members: [UserID], isShown: Bool
    ) {
        var queue = settledQueue()
        queue.take(.room(room(plans), members: members), for: me, seesAll: seesAll)
        #expect(queue.next() == (isShown ? .give(.room(room(plans))) : .wait))
    }

    @Test func `a renamed room goes on under its new name`() {
        var queue = settledQueue()
        let renamed = RoomReference(id: general.id, name: RoomName(stored: "lobby"))
        queue.take(.room(room(renamed), members: []), for: me, seesAll: false)
        #expect(queue.next() == .give(.room(room(renamed))))
        queue.take(.grown(general.id, seq: 6), for: me, seesAll: false)
        #expect(queue.next() == .read(renamed, after: 5))
        #expect(queue.roomID(of: renamed.name) == general.id)
    }

    // MARK: Losing rooms

    @Test func `a removal takes everything of the room with it`() {
        var queue = settledQueue()
        queue.take(.grown(general.id, seq: 6), for: me, seesAll: false)
        queue.take(.event(.removed(me, general, .kicked)), for: me, seesAll: false)
        #expect(queue.takeLostRooms() == [general.id])
        #expect(queue.next() == .give(.removed(room: general.name, reason: .kicked)))
        queue.take(.grown(general.id, seq: 7), for: me, seesAll: false)
        #expect(queue.next() == .wait)
        #expect(queue.takeLostRooms().isEmpty)
    }

    @Test func `somebody else's removal is none of ours`() {
        var queue = settledQueue()
        queue.take(.event(.removed(UserID(8), general, .banned)), for: me, seesAll: false)
        #expect(queue.next() == .wait)
        #expect(queue.roomIDs == [general.id])
    }

    @Test func `a deleted room is lost to everybody`() {
        var queue = settledQueue()
        queue.take(.event(.roomDeleted(general)), for: nil, seesAll: true)
        #expect(queue.next() == .give(.removed(room: general.name, reason: .deleted)))
    }

    @Test func `after a removal by its consumer nothing of the room comes`() {
        var queue = FeedQueue()
        queue.add(general, after: 0, epoch: "e")
        _ = queue.next()
        queue.took(messages(1...3, in: general), of: general.id, asked: 10)
        queue.take(.event(.messageDeleted(room: general, seq: 1)), for: me, seesAll: false)
        queue.remove(general.id)
        #expect(queue.next() == .wait)
        queue.took(messages(4...5, in: general), of: general.id, asked: 10)
        #expect(queue.next() == .wait)
    }

    @Test func `a room that was lost and is added again stays with the delivery`() {
        var queue = settledQueue()
        queue.take(.event(.removed(me, general, .kicked)), for: me, seesAll: false)
        queue.add(general, after: 5, epoch: "e")
        let lost = queue.takeLostRooms()
        #expect(lost == [])
        #expect(queue.next() == .give(.removed(room: general.name, reason: .kicked)))
        #expect(queue.next() == .read(general, after: 5))
    }

    @Test func `a doubt makes every room be asked for once`() {
        var queue = settledQueue()
        queue.take(.recheck, for: me, seesAll: false)
        #expect(queue.next() == .recheck(general))
        #expect(queue.next() == .wait)
    }

    // MARK: Bounds

    @Test func `what passes by itself is dropped before what must be heard`() {
        var queue = settledQueue()
        let bob = Username(stored: "bob")
        queue.take(.event(.messageDeleted(room: general, seq: 1)), for: me, seesAll: false)
        for _ in 0..<5_000 { queue.take(.event(.typing(room: general, username: bob)), for: me, seesAll: false) }
        queue.take(.event(.messageDeleted(room: general, seq: 2)), for: me, seesAll: false)
        var deletions: [FeedItem] = []
        var count = 0
        while case .give(let item) = queue.next() {
            count += 1
            if case .messageDeleted = item { deletions.append(item) }
        }
        #expect(count == Limits.feedItems)
        #expect(
            deletions == [
                .messageDeleted(room: general.name, seq: 1), .messageDeleted(room: general.name, seq: 2),
            ])
    }
}
