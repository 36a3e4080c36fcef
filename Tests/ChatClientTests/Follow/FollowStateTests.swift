import ChatCore
import ChatWire
import NIOCore
import Testing

@testable import ChatClient

@Suite struct FollowStateTests {
    private let general = RoomName(stored: "general")

    @Test func `a connection joins every room from its position`() {
        var state = FollowState([position(45), RoomPosition(room: RoomName(stored: "dev"), after: 0)])
        #expect(
            sent(state.connected()) == [
                #"{"event":"join","ref":"dev","room":"dev","after":0}"#,
                #"{"event":"join","ref":"general","room":"general","after":45}"#,
            ])
    }

    @Test func `a message is given out once`() {
        var state = joined(after: 45, lastSeq: 45)
        #expect(seqs(state.received(message(46))) == [46])
        #expect(state.received(message(46)).isEmpty)
        #expect(state.received(message(45)).isEmpty)
        #expect(seqs(state.received(message(47))) == [47])
    }

    @Test func `messages of other rooms and frames of other kinds are passed over`() {
        var state = joined(after: 45, lastSeq: 45)
        #expect(state.received(message(46, room: "dev")).isEmpty)
        #expect(state.received(text(#"{"ok":true,"event":"online_count","room":"general","online_count":4}"#)).isEmpty)
        #expect(state.received(text(#"{"ok":true,"event":"room","room":{"name":"general"}}"#)).isEmpty)
        #expect(state.received(text("nonsense")).isEmpty)
    }

    @Test func `what was not replayed is fetched page by page before live messages`() {
        var state = FollowState([position(10)])
        _ = state.connected()
        #expect(
            state.received(join(lastSeq: 14, recovered: false)) == [.fetch(room: general, after: 10, through: 14)])
        let first = state.fetched([value(11), value(12)], of: general, through: 14)
        #expect(seqs(first) == [11, 12])
        #expect(first.last == .fetch(room: general, after: 12, through: 14))
        #expect(seqs(state.fetched([value(13), value(14), value(15)], of: general, through: 14)) == [13, 14, 15])
        #expect(state.received(message(15)).isEmpty)
        #expect(seqs(state.received(message(16))) == [16])
    }

    @Test func `messages that no longer exist are passed over`() {
        var state = FollowState([position(10)])
        _ = state.connected()
        _ = state.received(join(lastSeq: 14, recovered: false))
        #expect(state.fetched([], of: general, through: 14).isEmpty)
        #expect(seqs(state.received(message(15))) == [15])
    }

    @Test func `a hole is read from the log`() {
        var state = joined(after: 45, lastSeq: 45)
        #expect(state.received(message(48)) == [.fetch(room: general, after: 45, through: 48)])
        #expect(seqs(state.fetched([value(46), value(47), value(48)], of: general, through: 48)) == [46, 47, 48])
    }

    @Test func `an outage is told once and joining again goes on from the last message`() {
        var state = joined(after: 45, lastSeq: 45)
        _ = state.received(message(46))
        #expect(state.closed(code: 1001) == [.notice("connection lost, reconnecting"), .reconnect(attempt: 1)])
        #expect(state.refused(ChatError(.unavailable, "refused")) == [.reconnect(attempt: 2)])
        #expect(
            sent(state.connected()) == [
                #"{"event":"join","ref":"general","room":"general","after":46,"epoch":"e1"}"#
            ])
        #expect(state.closed(code: 1006) == [.reconnect(attempt: 3)])
        _ = state.connected()
        #expect(state.received(join(lastSeq: 47)) == [.notice("reconnected")])
        #expect(seqs(state.received(message(47))) == [47])
        #expect(state.closed(code: 4008) == [.notice("connection lost, reconnecting"), .reconnect(attempt: 1)])
    }

    @Test func `a new epoch starts at the end of the new log`() {
        var state = joined(after: 45, lastSeq: 45)
        _ = state.closed(code: 1006)
        _ = state.connected()
        let news = state.received(join(lastSeq: 3, epoch: "e2", recovered: false))
        #expect(news == [.notice("reconnected"), .notice("room general was made anew, going on after its message 3")])
        #expect(seqs(state.received(message(4))) == [4])
    }

    @Test func `a log that became shorter counts as made anew`() {
        var state = joined(after: 45, lastSeq: 45)
        _ = state.closed(code: 1006)
        _ = state.connected()
        #expect(state.received(join(lastSeq: 40, recovered: false)).count == 2)
        #expect(seqs(state.received(message(41))) == [41])
    }

    @Test func `a position ahead of the log waits for it`() {
        var state = FollowState([position(100)])
        _ = state.connected()
        #expect(
            state.received(join(lastSeq: 99, recovered: false)) == [
                .notice("room general ends at 99, waiting for what comes after 100")
            ])
        #expect(state.received(message(100)).isEmpty)
        #expect(seqs(state.received(message(101))) == [101])
    }

    @Test(arguments: ["room_not_found", "not_a_member", "banned"])
    func `a refused join is the end`(code: String) {
        var state = FollowState([position(0)])
        _ = state.connected()
        #expect(failure(state.received(refusal(code)))?.rawValue == code)
    }

    @Test func `an unavailable server is asked again`() {
        var state = FollowState([position(0)])
        _ = state.connected()
        #expect(state.received(refusal("unavailable")).last == .reconnect(attempt: 1))
    }

    @Test(arguments: [("kicked", ErrorCode.notAMember), ("banned", .banned), ("deleted", .roomNotFound)])
    func `losing a followed room is the end`(reason: String, code: ErrorCode) {
        var state = joined(after: 0, lastSeq: 0)
        let frame = #"{"ok":true,"event":"removed","room":"general","reason":"\#(reason)"}"#
        #expect(failure(state.received(text(frame))) == code)
    }

    @Test func `losing another room changes nothing`() {
        var state = joined(after: 0, lastSeq: 0)
        #expect(state.received(text(#"{"ok":true,"event":"removed","room":"dev","reason":"kicked"}"#)).isEmpty)
    }

    @Test func `an ended session and a disabled account are the end`() {
        var state = joined(after: 0, lastSeq: 0)
        #expect(failure(state.closed(code: 4001)) == .unauthenticated)
        #expect(failure(state.closed(code: 4003)) == .disabled)
    }

    @Test func `a connection that fails is tried again unless the server says no`() {
        var fresh = FollowState([position(0)])
        #expect(fresh.refused(ChatError(.unavailable, "refused")).last == .reconnect(attempt: 1))
        var state = joined(after: 0, lastSeq: 0)
        _ = state.closed(code: 1006)
        #expect(state.refused(ChatError(.rateLimited, "wait")) == [.reconnect(attempt: 2)])
        #expect(failure(state.refused(ChatError(.unauthenticated, "no"))) == .unauthenticated)
    }

    // MARK: Material

    private func position(_ after: Int64) -> RoomPosition { RoomPosition(room: general, after: after) }

    private func joined(after: Int64, lastSeq: Int64) -> FollowState {
        var state = FollowState([position(after)])
        _ = state.connected()
        _ = state.received(join(lastSeq: lastSeq))
        return state
    }

    private func value(_ seq: Int64, room: String = "general") -> Message {
        Message(
            id: seq, room: RoomReference(id: RoomID(0), name: RoomName(stored: room)), seq: seq,
            body: MessageBody(stored: "hi"),
            author: Author(id: UserID(7), username: Username(stored: "alice"), displayName: "Alice"),
            createdAt: Timestamp(milliseconds: 0))
    }

    private func text(_ json: String) -> [UInt8] { Array(json.utf8) }

    private func message(_ seq: Int64, room: String = "general") -> [UInt8] {
        payload(ServerFrame.message(value(seq, room: room)))
    }

    private func join(lastSeq: Int64, epoch: String = "e1", recovered: Bool = true) -> [UInt8] {
        payload(
            ServerFrame.joined(
                ref: .text("general"), room: general, lastSeq: lastSeq, epoch: epoch, onlineCount: 1,
                recovered: recovered))
    }

    private func refusal(_ code: String) -> [UInt8] {
        text(#"{"ok":false,"event":"error","ref":"general","code":"\#(code)","errors":{"detail":["no"]}}"#)
    }

    private func payload(_ frame: [UInt8]) -> [UInt8] {
        var decoder = FrameDecoder(role: .client)
        decoder.feed(ByteBuffer(bytes: frame))
        guard case .text(let bytes)? = try? decoder.next() else { return [] }
        return bytes
    }

    private func seqs(_ actions: [FollowState.Action]) -> [Int64] {
        actions.compactMap { if case .message(let message) = $0 { message.seq } else { nil } }
    }

    private func sent(_ actions: [FollowState.Action]) -> [String] {
        actions.compactMap { if case .send(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil } }
    }

    private func failure(_ actions: [FollowState.Action]) -> ErrorCode? {
        guard case .fail(let error)? = actions.last else { return nil }
        return error.code
    }
}
