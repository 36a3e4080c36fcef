import ChatCore
import ChatTestKit
import Testing

@testable import ChatSQL

/// What becomes of each draft, without a database.
@Suite struct AppendPlanTests {
    private typealias Verdicts = [Seat: Result<AppendPlan.Target, ChatError>]

    private static let now = Timestamp(milliseconds: 1_700_000_000_000)
    private static let (red, blue) = (RoomID(1), RoomID(2))
    private static let (ann, bob) = (author(11, "ann"), author(12, "bob"))

    private static func author(_ id: Int64, _ name: String) -> Author {
        Author(id: UserID(id), username: Username(stored: name), displayName: name)
    }

    private static func draft(
        _ text: String, by author: Author = ann, in room: RoomID = red, client: String? = nil
    ) throws -> Draft {
        Draft(room: room, author: author, body: try MessageBody(text), clientID: try client.map { try ClientID($0) })
    }

    private static func target(_ room: RoomID, lastSeq: Int64 = 0, at: Timestamp = now) -> AppendPlan.Target {
        AppendPlan.Target(
            room: RoomReference(id: room, name: RoomName(stored: "room-\(room.value)")), lastSeq: lastSeq,
            lastMessageAt: at)
    }

    private static func stored(_ draft: Draft, id: Int64 = 99, seq: Int64 = 4) -> Message {
        Message(
            id: id, room: target(draft.room).room, seq: seq, body: draft.body, author: draft.author, createdAt: now)
    }

    /// Lets everybody post, in rooms that are at the given `seq`.
    private static func all(_ plan: AppendPlan, lastSeqs: [RoomID: Int64] = [:]) -> Verdicts {
        Dictionary(
            uniqueKeysWithValues: plan.seats.map { seat in
                (seat, .success(target(seat.room, lastSeq: lastSeqs[seat.room] ?? 0)))
            })
    }

    @Test func `each room counts on from its last number, in the order of the drafts`() throws {
        var plan = AppendPlan(
            [try Self.draft("1"), try Self.draft("2", in: Self.blue), try Self.draft("3", by: Self.bob)], at: Self.now)
        plan.judge(Self.all(plan, lastSeqs: [Self.red: 10, Self.blue: 5]))
        let messages = try plan.results(ids: [101, 102, 103]).map { try $0.get().message }
        #expect(messages.map(\.seq) == [11, 6, 12])
        #expect(messages.map(\.id) == [101, 102, 103])
        #expect(messages.map(\.body.text) == ["1", "2", "3"])
        #expect(messages.map(\.room.name.text) == ["room-1", "room-2", "room-1"])
        #expect(plan.growth[Self.red]?.firstSeq == 11 && plan.growth[Self.red]?.lastSeq == 12)
        #expect(plan.growth[Self.blue]?.count == 1)
    }

    @Test func `access is asked for once for each author and room, rooms in ascending order`() throws {
        let drafts = [
            try Self.draft("1", by: Self.bob, in: Self.blue), try Self.draft("2", by: Self.bob),
            try Self.draft("3"), try Self.draft("4"),
        ]
        #expect(
            AppendPlan(drafts, at: Self.now).seats == [
                Seat(room: Self.red, user: Self.ann.id), Seat(room: Self.red, user: Self.bob.id),
                Seat(room: Self.blue, user: Self.bob.id),
            ])
    }

    @Test func `a refused draft takes no number and no row`() throws {
        var plan = AppendPlan([try Self.draft("1", by: Self.bob), try Self.draft("2")], at: Self.now)
        plan.judge([
            Seat(room: Self.red, user: Self.bob.id): .failure(ChatError(.muted, "muted")),
            Seat(room: Self.red, user: Self.ann.id): .success(Self.target(Self.red, lastSeq: 3)),
        ])
        #expect(plan.rows.count == 1)
        let results = plan.results(ids: [7])
        #expect(throws: ChatError(.muted, "muted")) { try results[0].get() }
        #expect(try results[1].get().message.seq == 4)
    }

    @Test func `a draft without a verdict has lost its room or its author`() throws {
        var plan = AppendPlan([try Self.draft("1")], at: Self.now)
        plan.judge([:])
        #expect(plan.rows.isEmpty && plan.growth.isEmpty)
        let error = #expect(throws: ChatError.self) { try plan.results(ids: [])[0].get() }
        #expect(error?.code == .roomNotFound)
    }

    @Test func `a draft that was stored before needs no access and no row`() throws {
        let again = try Self.draft("again", client: "c1")
        var plan = AppendPlan([again, try Self.draft("new", client: "c2"), try Self.draft("plain")], at: Self.now)
        #expect(plan.keys.map(\.client.text) == ["c1", "c2"])
        plan.note(repeats: [plan.keys[0]: Self.stored(again)])
        plan.judge(Self.all(plan, lastSeqs: [Self.red: 4]))
        let results = try plan.results(ids: [100, 101]).map { try $0.get() }
        #expect(results.map(\.isRepeat) == [true, false, false])
        #expect(results.map(\.message.id) == [99, 100, 101])
        #expect(results.map(\.message.seq) == [4, 5, 6])
    }

    @Test func `a batch of repeats asks for no access`() throws {
        let again = try Self.draft("again", client: "c1")
        var plan = AppendPlan([again], at: Self.now)
        plan.note(repeats: [plan.keys[0]: Self.stored(again)])
        #expect(plan.seats.isEmpty)
    }

    @Test func `a client id twice in a batch is stored once, and is another one in another room and of another author`()
        throws
    {
        var plan = AppendPlan(
            [
                try Self.draft("first", client: "c"), try Self.draft("first", client: "c"),
                try Self.draft("second", in: Self.blue, client: "c"),
                try Self.draft("third", by: Self.bob, client: "c"),
                try Self.draft("fourth", client: "c"),
            ], at: Self.now)
        plan.judge(Self.all(plan))
        #expect(plan.rows.count == 3)
        var all = plan.results(ids: [1, 2, 3])
        #expect(all.popLast()?.code == .clientIDReused)
        let results = try all.map { try $0.get() }
        #expect(results.map(\.isRepeat) == [false, true, false, false])
        #expect(results[1].message == results[0].message)
        #expect(results[2].message.seq == 1 && results[3].message.seq == 2)
    }

    @Test func `after a refused draft the next one with its client id is stored`() throws {
        var plan = AppendPlan(
            [try Self.draft("refused", client: "c"), try Self.draft("stored", in: Self.blue, client: "c")],
            at: Self.now)
        plan.judge([
            Seat(room: Self.red, user: Self.ann.id): .failure(ChatError(.banned, "banned")),
            Seat(room: Self.blue, user: Self.ann.id): .success(Self.target(Self.blue)),
        ])
        let results = plan.results(ids: [1])
        #expect(throws: ChatError.self) { try results[0].get() }
        #expect(try results[1].get().isRepeat == false)
    }

    /// Seconds by which the room's last message is ahead of the clock, and when the new one is written.
    @Test(arguments: [(0, 0), (-5, 0), (1, 1), (59, 59), (60, 0), (3_600, 0)] as [(Int, Int)])
    func `times do not go back while the clock is less than a minute behind`(ahead: Int, expected: Int) throws {
        var plan = AppendPlan([try Self.draft("1"), try Self.draft("2")], at: Self.now)
        plan.judge([
            Seat(room: Self.red, user: Self.ann.id): .success(
                Self.target(Self.red, at: Self.now + .seconds(ahead)))
        ])
        let moment = Self.now + .seconds(expected)
        #expect(try plan.results(ids: [1, 2]).map { try $0.get().message.createdAt } == [moment, moment])
        #expect(plan.growth[Self.red]?.at == moment)
    }

    @Test func `the rows hold what the results say`() throws {
        var plan = AppendPlan([try Self.draft("1", client: "c"), try Self.draft("2")], at: Self.now)
        plan.judge(Self.all(plan, lastSeqs: [Self.red: 8]))
        let time = SQLValue.integer(Self.now.milliseconds)
        #expect(
            plan.rows == [
                [.integer(1), .integer(9), .integer(11), .text("1"), .text("c"), time],
                [.integer(1), .integer(10), .integer(11), .text("2"), .null, time],
            ])
    }

    @Test func `a draft that nobody judged, or whose row has no id, is a fault and not a success`() throws {
        var plan = AppendPlan([try Self.draft("1")], at: Self.now)
        let error = #expect(throws: ChatError.self) { try plan.results(ids: [])[0].get() }
        #expect(error?.code == .fault)
        plan.judge(Self.all(plan))
        let lost = #expect(throws: ChatError.self) { try plan.results(ids: [])[0].get() }
        #expect(lost?.code == .fault)
    }
}
