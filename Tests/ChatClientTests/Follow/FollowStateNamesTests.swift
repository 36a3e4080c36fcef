import ChatCore
import ChatWire
import Testing

@testable import ChatClient

/// Names that pass from one room to another.
@Suite struct FollowStateNamesTests {
    private typealias Action = FollowState.Action
    private let general = Frames.general
    private let dev = Frames.dev

    private func log(_ name: RoomName, _ epoch: String = "e1", lastSeq: Int64 = 5) -> RoomLog {
        RoomLog(name: name, epoch: epoch, lastSeq: lastSeq)
    }

    @Test func `a position of a known log is joined with its epoch`() {
        var state = FollowState()
        _ = state.add(RoomPosition(room: general, after: 5, epoch: "e1"))
        #expect(state.connected() == [.join(general, after: 5, epoch: "e1", 1)])
    }

    @Test func `a message under an unknown name is asked about, and brings the room there`() {
        var state = FollowState.joined(after: 5)
        let message = Frames.value(6, in: dev)
        #expect(state.received(Frames.message(6, in: dev)) == [.identify(dev, then: message)])
        #expect(state.identified(dev, as: "e1", then: message) == [.join(dev, after: 5, epoch: "e1", 2)])
        #expect(state.received(Frames.joined(2, dev, lastSeq: 6)) == [.count(1, dev)])
        #expect(state.received(Frames.message(6, in: dev)) == Action.messages(6...6, in: dev))
    }

    @Test func `a message of a room that is not followed is asked about once`() {
        var state = FollowState.joined(after: 5)
        let message = Frames.value(6, in: dev)
        _ = state.received(Frames.message(6, in: dev))
        #expect(state.identified(dev, as: "other", then: message) == [])
        #expect(state.received(Frames.message(7, in: dev)) == [])
    }

    @Test func `a message under a name that is nobody's sends to the logs of all rooms`() {
        var state = FollowState.joined(after: 5)
        #expect(state.identified(dev, as: nil, then: Frames.value(6, in: dev)) == [.locate(epoch: "e1")])
        #expect(state.located("e1", as: log(general, lastSeq: 6)) == [.fetch(after: 5, through: 6)])
    }

    @Test func `two rooms that swap their names keep their places`() {
        var state = FollowState()
        _ = state.add(RoomPosition(room: general, after: 5, epoch: "e1"))
        _ = state.add(RoomPosition(room: dev, after: 9, epoch: "e2"))
        _ = state.connected()
        _ = state.received(Frames.joined(1, dev, lastSeq: 9, epoch: "e2"))
        _ = state.received(Frames.joined(2, lastSeq: 5, epoch: "e1"))
        #expect(state.received(Frames.room(dev)).last == .identify(dev, then: nil))
        #expect(
            state.identified(dev, as: "e1") == [.locate(epoch: "e2"), .join(dev, after: 5, epoch: "e1", 3)])
        #expect(state.located("e2", as: log(general, "e2", lastSeq: 9)) == [.join(general, after: 9, epoch: "e2", 4)])
    }

    @Test func `a room that was renamed during an outage is followed under its new name`() {
        var state = FollowState.joined(after: 5)
        _ = state.closed(code: 1006)
        _ = state.connected()
        #expect(state.received(Frames.refused(2, .roomNotFound)) == [.locate(epoch: "e1")])
        #expect(state.located("e1", as: log(dev, lastSeq: 7)) == [.join(dev, after: 5, epoch: "e1", 3)])
    }

    @Test func `and not confused with the one that has its name now`() {
        var state = FollowState.joined(after: 5)
        _ = state.closed(code: 1006)
        _ = state.connected()
        let news = state.received(Frames.joined(2, lastSeq: 3, epoch: "e2", recovered: false))
        #expect(news == [.notice("reconnected"), .count(), .locate(epoch: "e1")])
        #expect(
            state.located("e1", as: log(dev, lastSeq: 7)) == [
                .send(ClientFrame.leave(general)), .join(dev, after: 5, epoch: "e1", 3),
            ])
    }

    @Test func `a room that is gone ends the feed, and of several only itself`() {
        var state = FollowState.joined(after: 5)
        _ = state.closed(code: 1006)
        _ = state.connected()
        _ = state.received(Frames.refused(2, .roomNotFound))
        #expect(state.located("e1", as: nil) == [.fail(.noRoom(general))])
    }

    @Test func `who may no longer read the room is told so`() {
        var state = FollowState.joined(after: 5)
        _ = state.closed(code: 1006)
        _ = state.connected()
        _ = state.received(Frames.refused(2, .banned))
        guard case .fail(let error)? = state.located("e1", as: nil).first else {
            Issue.record("the feed goes on")
            return
        }
        #expect(error.code == .banned)
    }

    @Test func `a room that has its name again is joined again`() {
        var state = FollowState.joined(after: 5)
        _ = state.closed(code: 1006)
        _ = state.connected()
        _ = state.received(Frames.refused(2, .roomNotFound))
        let join = FollowState.Join(room: general, number: 2)
        #expect(state.located("e1", as: log(general)) == [.rejoin(join, attempt: 1, atLeast: .zero)])
        #expect(state.rejoin(join) == [.join(general, after: 5, epoch: "e1", 3)])
    }

    @Test func `an unanswered question is a lost connection, and asked again on the next`() {
        var state = FollowState.joined(after: 5)
        _ = state.closed(code: 1006)
        _ = state.connected()
        _ = state.received(Frames.refused(2, .roomNotFound))
        #expect(state.failedToIdentify(ChatError(.unavailable, "no")).last == .reconnect(attempt: 2))
        #expect(state.connected() == [.locate(epoch: "e1")])
        #expect(state.located("e1", as: log(dev)) == [.join(dev, after: 5, epoch: "e1", 3)])
    }
}
