import ChatCore
import Testing

/// What a join replays, and what it tells the client.
@Suite struct JoinPlanTests {
    private let reference = RoomReference(id: RoomID(1), name: RoomName(stored: "general"))

    private func admission(
        after: Int64?, epoch: String? = nil, lastSeq: Int64, restoredSeq: Int64? = nil, onlineCount: Int = 3,
        isOnline: Bool = false
    ) -> JoinAdmission {
        var access = RoomAccess(
            room: reference, kind: .public, isArchived: false, lastSeq: lastSeq, role: nil, isBanned: false,
            isMuted: false, isSiteAdmin: false)
        access.isOnline = isOnline
        access.restoredSeq = restoredSeq
        return JoinAdmission(
            request: JoinRequest(room: reference.name, after: after, epoch: epoch), access: access,
            onlineCount: onlineCount, epoch: "here")
    }

    private func message(_ seq: Int64) -> Message {
        Message(
            id: seq, room: reference, seq: seq, body: MessageBody(stored: "m\(seq)"),
            author: Author(id: UserID(1), username: Username(stored: "alice"), displayName: "Alice"),
            createdAt: Timestamp(milliseconds: seq))
    }

    @Test(
        arguments: [
            // after, epoch, last seq at the question, cut, plan
            (nil, nil, 7, 7, JoinPlan.live(recovered: true)),
            (nil, "here", 7, 7, .live(recovered: true)),
            (nil, "elsewhere", 7, 7, .live(recovered: false)),
            (7, nil, 7, 7, .live(recovered: true)),
            (5, nil, 7, 7, .replay(after: 5, through: 7)),
            (5, "here", 7, 9, .replay(after: 5, through: 9)),
            (5, "elsewhere", 7, 7, .live(recovered: false)),
            (0, nil, 1_000, 1_000, .replay(after: 0, through: 1_000)),
            (0, nil, 1_001, 1_001, .live(recovered: false)),
            (8, nil, 7, 7, .live(recovered: false)),
            (8, nil, 7, 9, .replay(after: 8, through: 9)),
            (7, nil, 7, 5, .unavailable),
            (Int64.max, nil, 7, 7, .live(recovered: false)),
            (0, nil, 0, 0, .live(recovered: true)),
        ] as [(Int64?, String?, Int64, Int64, JoinPlan)])
    func `the plan follows from position, log and cut`(
        after: Int64?, epoch: String?, lastSeq: Int64, cut: Int64, expected: JoinPlan
    ) {
        #expect(JoinPlan(admission(after: after, epoch: epoch, lastSeq: lastSeq), cut: cut) == expected)
    }

    @Test(
        arguments: [
            // after, epoch, restored seq, plan with the log and the cut at 7
            (5, nil, 5, .replay(after: 5, through: 7)), (6, nil, 5, .live(recovered: false)),
            (7, nil, 5, .live(recovered: false)), (7, nil, 7, .live(recovered: true)),
            (1, nil, 0, .live(recovered: false)), (0, nil, 0, .replay(after: 0, through: 7)),
            (6, "here", 5, .replay(after: 6, through: 7)), (5, "elsewhere", 5, .live(recovered: false)),
            (nil, nil, 5, .live(recovered: true)),
        ] as [(Int64?, String?, Int64, JoinPlan)])
    func `after a restore a position without an epoch counts as far as the restored log goes`(
        after: Int64?, epoch: String?, restored: Int64, expected: JoinPlan
    ) {
        let admission = admission(after: after, epoch: epoch, lastSeq: 7, restoredSeq: restored)
        #expect(JoinPlan(admission, cut: 7) == expected)
    }

    @Test func `a whole replay is recovered, and brings nothing beyond the cut`() {
        let log = (3...9).map { message(Int64($0)) }
        let outcome = JoinPlan.replay(after: 2, through: 7).outcome(of: log)
        #expect(outcome == .joined(log.filter { $0.seq <= 7 }, recovered: true))
    }

    @Test func `a hole in the replay is said and brings nothing`() {
        let log = [3, 4, 6, 7].map { message($0) }
        #expect(JoinPlan.replay(after: 2, through: 7).outcome(of: log) == .joined([], recovered: false))
    }

    @Test func `a log that cannot be read makes the join fail, not lie`() {
        #expect(JoinPlan.replay(after: 2, through: 7).outcome(of: nil) == .unavailable)
        #expect(JoinPlan.unavailable.outcome(of: nil) == .unavailable)
    }

    @Test(arguments: [true, false])
    func `without a replay the plan is the outcome`(recovered: Bool) {
        #expect(JoinPlan.live(recovered: recovered).outcome(of: nil) == .joined([], recovered: recovered))
    }

    @Test(
        arguments: [
            // read from the database, first connection here, online elsewhere, shown
            (3, true, false, 4), (3, true, true, 3), (3, false, false, 3), (0, false, false, 1), (0, true, false, 1),
        ] as [(Int, Bool, Bool, Int)])
    func `the count shown includes the client itself`(count: Int, isFirst: Bool, isOnline: Bool, shown: Int) {
        let admission = admission(after: nil, lastSeq: 0, onlineCount: count, isOnline: isOnline)
        #expect(admission.onlineCount(isFirst: isFirst) == shown)
    }
}
