import ChatCore
import ChatWire
import Testing

@testable import ChatClient

@Suite struct FollowStateTests {
    private typealias Action = FollowState.Action

    private let general = Frames.general
    private let dev = Frames.dev

    // MARK: Rooms

    @Test func `a connection joins every room from its position, in the order of names`() {
        var state = FollowState()
        #expect(state.add(RoomPosition(room: general, after: 45)).isEmpty)
        #expect(state.add(RoomPosition(room: dev, after: 0)).isEmpty)
        #expect(state.connected() == [.join(dev, after: 0, 1), .join(general, after: 45, 2)])
    }

    @Test func `a room that is added later is joined at once, and only once`() {
        var state = FollowState.joined(after: 45)
        #expect(state.add(RoomPosition(room: dev, after: 3)) == [.join(dev, after: 3, 2)])
        #expect(state.add(RoomPosition(room: dev, after: 0)).isEmpty)
        #expect(state.received(Frames.joined(2, dev, lastSeq: 3)) == [.count(1, dev)])
        #expect(state.received(Frames.message(4, in: dev)) == Action.messages(4...4, in: dev))
    }

    @Test func `a room that is removed is left, and nothing of it is given out any more`() {
        var state = FollowState.joined(after: 45, isAlone: false)
        #expect(state.remove(general) == [.send(ClientFrame.leave(general))])
        #expect(state.remove(general).isEmpty)
        #expect(state.received(Frames.message(46)).isEmpty)
        #expect(state.received(Frames.removed(.kicked)).isEmpty)
        #expect(state.received(Frames.message(46, in: dev)) == Action.messages(46...46, in: dev))
    }

    @Test func `without a connection rooms come and go without a frame`() {
        var state = FollowState.joined(after: 45)
        _ = state.closed(code: 1006)
        #expect(state.add(RoomPosition(room: dev, after: 3)).isEmpty)
        #expect(state.remove(general).isEmpty)
        #expect(state.connected() == [.join(dev, after: 3, 2)])
    }

    @Test func `a join that succeeds after its room was removed is undone`() {
        var state = FollowState()
        _ = state.add(RoomPosition(room: general, after: 0))
        _ = state.connected()
        _ = state.remove(general)
        #expect(state.received(Frames.joined(1, lastSeq: 9)) == [.send(ClientFrame.leave(general))])
    }

    @Test func `the answer to an earlier join of a room is not taken for that to the present one`() {
        var state = FollowState()
        _ = state.add(RoomPosition(room: general, after: 0))
        _ = state.connected()
        _ = state.remove(general)
        #expect(state.add(RoomPosition(room: general, after: 5)) == [.join(general, after: 5, 2)])
        #expect(state.received(Frames.joined(1, lastSeq: 9, recovered: false)).isEmpty)
        #expect(state.received(Frames.refused(1, .banned)).isEmpty)
        #expect(state.received(Frames.joined(2, lastSeq: 9)) == [.count()])
        #expect(state.received(Frames.message(6)) == Action.messages(6...6))
    }

    @Test func `an answer that comes twice counts once`() {
        var state = FollowState.joined(after: 45)
        _ = state.received(Frames.message(46))
        #expect(state.received(Frames.joined(1, lastSeq: 45)).isEmpty)
        #expect(state.received(Frames.refused(1, .banned)).isEmpty)
        #expect(state.received(Frames.message(47)) == Action.messages(47...47))
    }

    // MARK: Frames

    @Test func `a message is given out once`() {
        var state = FollowState.joined(after: 45)
        #expect(state.received(Frames.message(46)) == Action.messages(46...46))
        #expect(state.received(Frames.message(46)).isEmpty)
        #expect(state.received(Frames.message(45)).isEmpty)
        #expect(state.received(Frames.message(47)) == Action.messages(47...47))
    }

    @Test(arguments: [Frames.general, Frames.dev])
    func `frames of followed rooms are given out, of others ignored`(room: RoomName) {
        var state = FollowState.joined(after: 45)
        let frames: [([UInt8], FeedItem)] = [
            (ServerFrame.messageDeleted(room: room, seq: 40), .messageDeleted(room: room, seq: 40)),
            (ServerFrame.messageEdited(Frames.value(40, in: room)), .messageEdited(Frames.value(40, in: room))),
            (ServerFrame.onlineCount(room: room, count: 4), .onlineCount(room: room, count: 4)),
            (
                ServerFrame.presence(room: room, joined: [Frames.bob], left: []),
                .presence(room: room, joined: [Frames.bob], left: [])
            ),
            (ServerFrame.typing(room: room, username: Frames.bob), .typing(room: room, username: Frames.bob)),
            (ServerFrame.removed(room: room, reason: .kicked), .removed(room: room, reason: .kicked)),
        ]
        for (frame, item) in frames {
            #expect(state.received(Frames.text(frame)) == (room == general ? [.item(item)] : []))
        }
    }

    @Test func `a room's shape is given out whether the room is followed or not`() {
        var state = FollowState.joined(after: 45)
        let room = Room(
            id: RoomID(0), name: dev, kind: .private, topic: "t", isArchived: false, lastSeq: 3,
            lastMessageAt: nil, memberCount: 2, onlineCount: 1, createdAt: Timestamp(milliseconds: 0))
        #expect(state.received(Frames.text(ServerFrame.room(room))) == [.item(.room(room)), .identify(dev, then: nil)])
    }

    @Test(arguments: [
        "", "nonsense", "[]", "{}", #"{"ok":true,"event":"pong"}"#, #"{"ok":true,"event":"left","room":"general"}"#,
        #"{"ok":true,"event":"new"}"#, #"{"ok":true,"event":"room","room":{"name":"general"}}"#,
        #"{"ok":true,"event":"message","message":null}"#, #"{"ok":false,"event":"error","code":"banned"}"#,
        #"{"ok":false,"event":"error","ref":"general","code":"banned"}"#,
    ])
    func `what cannot be read or concerns no join is ignored`(text: String) {
        var state = FollowState.joined(after: 45)
        #expect(state.received(Array(text.utf8)).isEmpty)
        #expect(state.received(Frames.message(46)) == Action.messages(46...46))
    }

    // MARK: The loss of a room

    @Test(arguments: [RemovalReason.kicked, .banned, .removed, .deleted])
    func `losing a room is told, drops it and ends nothing`(reason: RemovalReason) {
        var state = FollowState.joined(after: 45)
        #expect(state.received(Frames.removed(reason)) == [.item(.removed(room: general, reason: reason))])
        #expect(state.received(Frames.message(46)).isEmpty)
        _ = state.closed(code: 1006)
        #expect(state.connected() == [.notice("reconnected")])
    }

    @Test func `a reason of a newer server still drops the room`() {
        var state = FollowState.joined(after: 45)
        let frame = #"{"ok":true,"event":"removed","room":"general","reason":"merged"}"#
        #expect(state.received(Array(frame.utf8)) == [.item(.removed(room: general, reason: .removed))])
    }

    @Test func `a lost room can be followed again`() {
        var state = FollowState.joined(after: 45)
        _ = state.received(Frames.removed(.kicked))
        #expect(state.add(RoomPosition(room: general, after: 50)) == [.join(general, after: 50, 2)])
        #expect(state.received(Frames.joined(2, lastSeq: 50)) == [.count()])
    }

    // MARK: Refused joins

    @Test(arguments: [ErrorCode.roomNotFound, .notAMember, .banned, .invalidFrame])
    func `a refused join of the only room is the end`(code: ErrorCode) {
        var state = FollowState()
        _ = state.add(RoomPosition(room: general, after: 0))
        _ = state.connected()
        #expect(failure(state.received(Frames.refused(1, code))) == code)
    }

    @Test(arguments: [
        (ErrorCode.roomNotFound, RemovalReason.deleted), (.notAMember, .removed), (.banned, .banned),
        (.invalidFrame, .removed),
    ])
    func `a refused join of one room among several drops it and says why`(code: ErrorCode, reason: RemovalReason) {
        var state = FollowState.joined(after: 45)
        _ = state.add(RoomPosition(room: dev, after: 0))
        let why = code == .roomNotFound ? ChatError.noRoom(dev).message : "room x: no"
        #expect(
            state.received(Frames.refused(2, code)) == [.notice(why), .item(.removed(room: dev, reason: reason))])
        #expect(state.received(Frames.message(46)) == Action.messages(46...46))
    }

    @Test func `when every room is refused the last refusal is the end`() {
        var state = FollowState()
        for room in [general, dev] { _ = state.add(RoomPosition(room: room, after: 0)) }
        _ = state.connected()
        #expect(state.received(Frames.refused(1, .banned)).last == .item(.removed(room: dev, reason: .banned)))
        #expect(failure(state.received(Frames.refused(2, .notAMember))) == .notAMember)
    }

    @Test(arguments: [ErrorCode.unavailable, .rateLimited])
    func `a join that may succeed later is made again, and told once`(code: ErrorCode) {
        var state = FollowState()
        _ = state.add(RoomPosition(room: general, after: 7))
        _ = state.connected()
        let first = FollowState.Join(room: general, number: 1)
        let error = ChatError(code, "room general: wait", retryAfter: .milliseconds(300))
        #expect(
            state.received(Frames.refused(1, error)) == [
                .notice("room general: wait, trying again"),
                .rejoin(first, attempt: 1, atLeast: .milliseconds(300)),
            ])
        #expect(state.rejoin(first) == [.join(general, after: 7, 2)])
        let second = FollowState.Join(room: general, number: 2)
        #expect(
            state.received(Frames.refused(2, code)) == [.rejoin(second, attempt: 2, atLeast: .zero)])
        #expect(state.rejoin(first).isEmpty)
        #expect(state.rejoin(second) == [.join(general, after: 7, 3)])
        #expect(state.received(Frames.joined(3, lastSeq: 7)) == [.count()])
    }

    @Test func `a server cannot ask for a pause without end`() {
        var state = FollowState()
        _ = state.add(RoomPosition(room: general, after: 7))
        _ = state.connected()
        let error = ChatError(.rateLimited, "wait", retryAfter: .seconds(1_000_000))
        let join = FollowState.Join(room: general, number: 1)
        #expect(
            state.received(Frames.refused(1, error)).last == .rejoin(join, attempt: 1, atLeast: .seconds(60)))
    }

    @Test func `a room that was removed, or joined on another connection, is not joined again`() {
        var state = FollowState()
        _ = state.add(RoomPosition(room: general, after: 7))
        _ = state.connected()
        _ = state.received(Frames.refused(1, .unavailable))
        let join = FollowState.Join(room: general, number: 1)
        var other = state
        _ = other.remove(general)
        #expect(other.rejoin(join).isEmpty)
        _ = state.closed(code: 1006)
        #expect(state.rejoin(join).isEmpty)
        _ = state.connected()
        #expect(state.rejoin(join).isEmpty)
    }

    // MARK: The connection

    @Test func `an outage is told once and joining again goes on from the last message`() {
        var state = FollowState.joined(after: 45)
        _ = state.received(Frames.message(46))
        #expect(state.closed(code: 1001) == [.notice("connection lost, reconnecting"), .reconnect(attempt: 1)])
        #expect(state.refused(ChatError(.unavailable, "refused")) == [.reconnect(attempt: 2)])
        #expect(state.connected() == [.join(general, after: 46, epoch: "e1", 2)])
        #expect(state.closed(code: 1006) == [.reconnect(attempt: 3)])
        #expect(state.connected() == [.join(general, after: 46, epoch: "e1", 3)])
        #expect(state.received(Frames.joined(3, lastSeq: 47)) == [.notice("reconnected"), .count()])
        #expect(state.received(Frames.message(47)) == Action.messages(47...47))
        #expect(state.closed(code: 4008) == [.notice("connection lost, reconnecting"), .reconnect(attempt: 1)])
    }

    @Test func `a reconnection joins all present rooms, each in its own log`() {
        var state = FollowState.joined(after: 45, isAlone: false)
        _ = state.received(Frames.message(46, in: dev))
        _ = state.add(RoomPosition(room: RoomName(stored: "new"), after: 2))
        _ = state.closed(code: 1006)
        #expect(
            state.connected() == [
                .join(dev, after: 46, epoch: "e1", 4), .join(general, after: 45, epoch: "e1", 5),
                .join(RoomName(stored: "new"), after: 2, 6),
            ])
        #expect(state.received(Frames.joined(5, lastSeq: 45)) == [.notice("reconnected"), .count()])
        #expect(state.received(Frames.joined(4, dev, lastSeq: 46)) == [.count(1, dev)])
    }

    @Test(arguments: [(UInt16(4001), ErrorCode.unauthenticated), (4003, .disabled)])
    func `an ended session and a disabled account are the end`(code: UInt16, error: ErrorCode) {
        var state = FollowState.joined(after: 0)
        #expect(failure(state.closed(code: code)) == error)
    }

    @Test(arguments: [UInt16(1000), 1001, 1002, 1005, 1006, 1009, 1011, 4008, 4999])
    func `any other end of a connection is followed by another one`(code: UInt16) {
        var state = FollowState.joined(after: 0)
        #expect(state.closed(code: code).last == .reconnect(attempt: 1))
    }

    @Test(arguments: [ErrorCode.unavailable, .timedOut, .rateLimited, .fault])
    func `a connection that fails is tried again`(code: ErrorCode) {
        var state = FollowState()
        #expect(
            state.refused(ChatError(code, "no")) == [
                .notice("connection lost, reconnecting"), .reconnect(attempt: 1),
            ])
    }

    @Test(arguments: [ErrorCode.unauthenticated, .notAllowed, .configuration, .notFound])
    func `a server that says no is the end`(code: ErrorCode) {
        var state = FollowState()
        #expect(state.refused(ChatError(code, "no")) == [.fail(ChatError(code, "no"))])
    }

    private func failure(_ actions: [FollowState.Action]) -> ErrorCode? {
        guard actions.count == 1, case .fail(let error)? = actions.first else { return nil }
        return error.code
    }
}
