import ChatCore

// The hot path. The rooms' rows are locked before rights and `seq` are read: a kick that was committed earlier counts, a
// later one waits, and no other transaction gives out the same numbers. Rooms are locked in the order of their ids, so
// that two nodes cannot deadlock. Each statement runs once with the arguments of all drafts, which PostgreSQL can
// pipeline. A known client id is answered before rights are checked: whoever retries a message that was stored gets it
// back, even after a kick. `RETURNING` is avoided, because SQLite builds a temporary table for it each time, which
// halves the rate.

extension SQLStore {
    package func append(
        _ drafts: [Draft], at moment: Timestamp
    ) async throws(ChatError) -> Commit<[Result<Appended, ChatError>]> {
        guard !drafts.isEmpty else { return .done([]) }
        let stored: Commit<Stored>
        do throws(ChatError) {
            stored = try await store(drafts, at: moment)
        } catch {
            // Two processes stored the same client id at once; the retry finds what the other has stored.
            guard error.code == .alreadyExists else { throw error }
            stored = try await store(drafts, at: moment)
        }
        return stored.map { [driver] stored in
            if let ids = stored.ids { driver.didCommit(messages: ids) }
            return stored.results
        }
    }

    private struct Stored: Sendable {
        let results: [Result<Appended, ChatError>]
        /// Spans the ids of the new rows.
        let ids: ClosedRange<Int64>?
    }

    private func store(_ drafts: [Draft], at moment: Timestamp) async throws(ChatError) -> Commit<Stored> {
        try await driver.commit { [rowLock = driver.dialect.rowLock] session throws(ChatError) in
            session.expectPromptAnswers()
            var plan = AppendPlan(drafts, at: moment)
            plan.note(repeats: try Self.known(plan.keys, session))
            let seats = plan.seats
            if !rowLock.isEmpty { try Self.lock(Set(seats.map(\.room)), rowLock, session) }
            plan.judge(try Self.verdicts(on: seats, at: moment, session))
            try Self.advance(plan.growth, session)
            let ids = try Self.insert(plan.rows, session)
            let range = ids.first.flatMap { first in ids.last.map { first...max(first, $0) } }
            return Stored(results: plan.results(ids: ids), ids: range)
        }
    }

    private static func known(
        _ keys: [AppendPlan.Key], _ session: any SQLSession
    ) throws(ChatError) -> [AppendPlan.Key: Message] {
        guard !keys.isEmpty else { return [:] }
        let rows = try session.queryEach(
            "\(SQL.messagesWithClientID) WHERE m.room_id = $1 AND m.author_id = $2 AND m.client_id = $3",
            keys.map { [.room($0.room), .user($0.author), .text($0.client.text)] })
        var known: [AppendPlan.Key: Message] = [:]
        for row in rows {
            let message = try Message(row)
            let client = try ClientID(row.after(Message.Column.self).after(RoomReference.Column.self).text(0))
            known[AppendPlan.Key(room: message.room.id, author: message.author.id, client: client)] = message
        }
        return known
    }

    private static func lock(
        _ rooms: Set<RoomID>, _ rowLock: String, _ session: any SQLSession
    ) throws(ChatError) {
        try session.queryEach(
            "SELECT id FROM rooms WHERE id = $1 \(rowLock)", rooms.map(\.value).sorted().map { [.integer($0)] })
    }

    /// Applies the core's rule of posting to each seat.
    private static func verdicts(
        on seats: [Seat], at moment: Timestamp, _ session: any SQLSession
    ) throws(ChatError) -> [Seat: Result<AppendPlan.Target, ChatError>] {
        let rows = try session.queryEach(
            "\(SQL.standing) WHERE r.id = $3", seats.map { [.time(moment), .user($0.user), .room($0.room)] })
        var verdicts: [Seat: Result<AppendPlan.Target, ChatError>] = [:]
        verdicts.reserveCapacity(seats.count)
        for row in rows {
            // An author who does not exist gets no verdict, and neither does a room.
            guard let user = try row.optionalInteger(RoomAccess.Column.userID) else { continue }
            let seat = Seat(room: RoomID(try row.integer(RoomAccess.Column.roomID)), user: UserID(user))
            verdicts[seat] = Result { () throws(ChatError) in try requirePosting(row) }
        }
        return verdicts
    }

    private static func requirePosting(_ row: SQLRow) throws(ChatError) -> AppendPlan.Target {
        if !row.isNull(RoomAccess.Column.disabledAt) {
            throw .accountDisabled(Username(stored: try row.text(RoomAccess.Column.username)))
        }
        let access = try RoomAccess(row)
        try access.requirePosting()
        return AppendPlan.Target(
            room: access.room, lastSeq: access.lastSeq, lastMessageAt: try row.time(RoomAccess.Column.lastMessageAt))
    }

    private static func advance(
        _ growth: [RoomID: AppendPlan.Growth], _ session: any SQLSession
    ) throws(ChatError) {
        try session.queryEach(
            "UPDATE rooms SET last_seq = $1, last_message_at = $2 WHERE id = $3",
            growth.sorted { $0.key.value < $1.key.value }.map {
                [.integer($0.value.lastSeq), .time($0.value.at), .room($0.key)]
            })
    }

    private static func insert(_ rows: [[SQLValue]], _ session: any SQLSession) throws(ChatError) -> [Int64] {
        try session.insertEach(
            """
            INSERT INTO messages (room_id, seq, author_id, body, client_id, created_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            """, rows)
    }
}
