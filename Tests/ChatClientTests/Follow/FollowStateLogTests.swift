import ChatCore
import ChatWire
import Testing

@testable import ChatClient

/// What a feed reads of the log: gaps, pages, logs made anew.
@Suite struct FollowStateLogTests {
    private typealias Action = FollowState.Action

    private let general = Frames.general

    @Test func `what was not replayed is fetched page by page before live messages`() {
        var state = waiting(after: 10)
        #expect(
            state.received(Frames.joined(1, lastSeq: 14, recovered: false)) == [
                .count(), .fetch(after: 10, through: 14),
            ])
        let first = fetched(&state, 11...12, after: 10, through: 14)
        #expect(first == Action.messages(11...12) + [.fetch(after: 12, through: 14)])
        #expect(fetched(&state, 13...15, after: 12, through: 14) == Action.messages(13...15))
        #expect(state.received(Frames.message(15)).isEmpty)
        #expect(state.received(Frames.message(16)) == Action.messages(16...16))
    }

    @Test func `messages that no longer exist are skipped`() {
        var state = waiting(after: 10)
        _ = state.received(Frames.joined(1, lastSeq: 14, recovered: false))
        #expect(state.fetched([], for: gap(after: 10, through: 14)).isEmpty)
        #expect(state.received(Frames.message(15)) == Action.messages(15...15))
    }

    @Test func `a gap is read from the log`() {
        var state = FollowState.joined(after: 45)
        #expect(state.received(Frames.message(48)) == [.fetch(after: 45, through: 48)])
        #expect(fetched(&state, 46...48, after: 45, through: 48) == Action.messages(46...48))
    }

    @Test func `a page may hold what was given out meanwhile`() {
        var state = FollowState.joined(after: 45)
        _ = state.received(Frames.message(46))
        #expect(fetched(&state, 46...48, after: 45, through: 48) == Action.messages(47...48))
    }

    @Test func `a page for a room that was removed, added again or joined anew is not given out`() {
        let state = FollowState.joined(after: 45)
        var removed = state
        _ = removed.remove(general)
        #expect(fetched(&removed, 46...48, after: 45, through: 48).isEmpty)
        #expect(removed.failed(ChatError(.banned, "no"), for: gap(after: 45, through: 48)).isEmpty)
        _ = removed.add(RoomPosition(room: general, after: 40))
        #expect(fetched(&removed, 46...48, after: 45, through: 48).isEmpty)
        var reconnected = state
        _ = reconnected.closed(code: 1006)
        #expect(fetched(&reconnected, 46...48, after: 45, through: 48).isEmpty)
        _ = reconnected.connected()
        #expect(fetched(&reconnected, 46...48, after: 45, through: 48).isEmpty)
    }

    @Test(arguments: [ErrorCode.unavailable, .timedOut, .rateLimited, .fault])
    func `a page that cannot be read just now is a lost connection`(code: ErrorCode) {
        var state = FollowState.joined(after: 45)
        #expect(
            state.failed(ChatError(code, "no"), for: gap(after: 45, through: 48)) == [
                .notice("connection lost, reconnecting"), .reconnect(attempt: 1),
            ])
        #expect(state.connected() == [.join(general, after: 45, epoch: "e1", 2)])
    }

    @Test(arguments: [
        (ErrorCode.banned, RemovalReason.banned), (.notAMember, .removed), (.roomNotFound, .deleted),
    ])
    func `a page that is refused is the loss of its room`(code: ErrorCode, reason: RemovalReason) {
        let error = ChatError(code, "room general: no")
        var alone = FollowState.joined(after: 45)
        #expect(alone.failed(error, for: gap(after: 45, through: 48)) == [.fail(error)])
        var state = FollowState.joined(after: 45, isAlone: false)
        #expect(
            state.failed(error, for: gap(after: 45, through: 48, join: 2)) == [
                .notice("room general: no"), .item(.removed(room: general, reason: reason)),
            ])
    }

    @Test(arguments: [ErrorCode.unauthenticated, .configuration, .tooLarge])
    func `a page that nothing helps to read is the end`(code: ErrorCode) {
        var state = FollowState.joined(after: 45, isAlone: false)
        let error = ChatError(code, "no")
        #expect(state.failed(error, for: gap(after: 45, through: 48, join: 2)) == [.fail(error)])
    }

    @Test func `a log that was made anew is followed from its beginning`() {
        var state = FollowState.joined(after: 45)
        _ = state.closed(code: 1006)
        _ = state.connected()
        #expect(
            state.received(Frames.joined(2, lastSeq: 3, epoch: "e2", recovered: false)) == [
                .notice("reconnected"), .count(), .locate(epoch: "e1"),
            ])
        #expect(
            state.located("e1", as: nil) == [
                .notice("room general was made anew: begins anew"), .fetch(after: 0, through: 3, join: 2),
            ])
        let page = (1...3).map { Frames.value($0) }
        let gap = FollowState.Gap(join: FollowState.Join(room: general, number: 2), after: 0, through: 3)
        #expect(
            state.fetched(page, for: gap) == page.map { .item(.message($0, epoch: "e2")) })
        #expect(state.received(Frames.message(4)) == [.item(.message(Frames.value(4), epoch: "e2"))])
    }

    @Test func `a log that became shorter counts as made anew`() {
        var state = FollowState.joined(after: 45)
        _ = state.closed(code: 1006)
        _ = state.connected()
        #expect(state.received(Frames.joined(2, lastSeq: 40, recovered: false)).count == 3)
        #expect(state.received(Frames.message(41)) == Action.messages(41...41))
    }

    @Test func `a position ahead of the log waits for it`() {
        var state = waiting(after: 100)
        #expect(
            state.received(Frames.joined(1, lastSeq: 99, recovered: false)) == [
                .count(), .notice("room general ends at 99, waiting for what comes after 100"),
            ])
        #expect(state.received(Frames.message(100)).isEmpty)
        #expect(state.received(Frames.message(101)) == Action.messages(101...101))
    }

    // MARK: Material

    private func waiting(after: Int64) -> FollowState {
        var state = FollowState()
        _ = state.add(RoomPosition(room: general, after: after))
        _ = state.connected()
        return state
    }

    private func gap(after: Int64, through: Int64, join: Int64 = 1) -> FollowState.Gap {
        FollowState.Gap(join: FollowState.Join(room: general, number: join), after: after, through: through)
    }

    private func fetched(
        _ state: inout FollowState, _ seqs: ClosedRange<Int64>, after: Int64, through: Int64
    ) -> [FollowState.Action] {
        state.fetched(seqs.map { Frames.value($0) }, for: gap(after: after, through: through))
    }
}
