import ChatCore

// The hot path. The room's row is taken before rights are looked at, so a kick that was committed first counts and
// one that comes later waits; rooms are taken in the order of their ids, so two nodes cannot wait for each other
// crosswise. Each statement runs once for all its drafts, which PostgreSQL can pipeline. A known client id is
// answered before rights are asked: whoever repeats a message that was stored is told so, even after a kick.

extension SQLStore {
    package func append(
        _ drafts: [Draft], at moment: Timestamp
    ) async throws(ChatError) -> [Result<Appended, ChatError>] {
        guard !drafts.isEmpty else { return [] }
        let stored: (results: [Result<Appended, ChatError>], ids: ClosedRange<Int64>?)
        do throws(ChatError) {
            stored = try await write(drafts, at: moment)
        } catch {
            // Two processes stored the same client id at once; the second now finds what the first has stored.
            guard error.code == .alreadyExists else { throw error }
            stored = try await write(drafts, at: moment)
        }
        if let ids = stored.ids { driver.didCommit(messages: ids) }
        return stored.results
    }

    private func write(
        _ drafts: [Draft], at moment: Timestamp
    ) async throws(ChatError) -> (results: [Result<Appended, ChatError>], ids: ClosedRange<Int64>?) {
        try await driver.write { [rowLock = driver.dialect.rowLock] session throws(ChatError) in
            var plan = AppendPlan(drafts)
            plan.settle(repeats: try Self.known(plan.keys, session))
            let seats = plan.seats
            if !rowLock.isEmpty { try Self.hold(Set(seats.map(\.room)), rowLock, session) }
            plan.judge(try Self.verdicts(on: seats, at: moment, session))
            let advances = try Self.advance(plan.counts, at: moment, session)
            let ids = try Self.insert(plan.rows(advances), session)
            let range = ids.first.flatMap { first in ids.last.map { first...max(first, $0) } }
            return (plan.results(advances, ids: ids), range)
        }
    }

    private static func known(
        _ keys: [AppendPlan.Key], _ session: any SQLSession
    ) throws(ChatError) -> [AppendPlan.Key: Message] {
        guard !keys.isEmpty else { return [:] }
        let rows = try session.queryEach(
            """
            SELECT \(SQL.messageColumns), r.id, r.name, m.client_id
            FROM messages m JOIN users u ON u.id = m.author_id JOIN rooms r ON r.id = m.room_id
            WHERE m.author_id = $1 AND m.client_id = $2
            """, keys.map { [.user($0.author), .text($0.client.text)] })
        var known: [AppendPlan.Key: Message] = [:]
        for row in rows {
            let message = try Message(row)
            known[AppendPlan.Key(author: message.author.id, client: try ClientID(row.text(10)))] = message
        }
        return known
    }

    private static func hold(
        _ rooms: Set<RoomID>, _ rowLock: String, _ session: any SQLSession
    ) throws(ChatError) {
        try session.queryEach(
            "SELECT id FROM rooms WHERE id = $1 \(rowLock)", rooms.map(\.value).sorted().map { [.integer($0)] })
    }

    /// Asks the core's rule of posting for each seat.
    private static func verdicts(
        on seats: [Seat], at moment: Timestamp, _ session: any SQLSession
    ) throws(ChatError) -> [Seat: Result<RoomReference, ChatError>] {
        let rows = try session.queryEach(
            "\(SQL.standing) WHERE r.id = $3", seats.map { [.time(moment), .user($0.user), .room($0.room)] })
        var verdicts: [Seat: Result<RoomReference, ChatError>] = [:]
        verdicts.reserveCapacity(seats.count)
        for row in rows {
            // An unknown author gets no verdict, like an unknown room.
            guard let user = try row.optionalInteger(5) else { continue }
            let seat = Seat(room: RoomID(try row.integer(0)), user: UserID(user))
            verdicts[seat] = Result { () throws(ChatError) in try requirePosting(row) }
        }
        return verdicts
    }

    private static func requirePosting(_ row: SQLRow) throws(ChatError) -> RoomReference {
        if !row.isNull(8) { throw .accountDisabled(Username(stored: try row.text(6))) }
        let access = try RoomAccess(row)
        try access.requirePosting()
        return access.room
    }

    /// Takes the next numbers of each room, and a time that does not fall behind the room's last message while the
    /// clock is set back by less than a minute; a clock that was an hour ahead must not hold a room for an hour.
    private static func advance(
        _ counts: [RoomID: Int64], at moment: Timestamp, _ session: any SQLSession
    ) throws(ChatError) -> [RoomID: AppendPlan.Advance] {
        let rows = try session.queryEach(
            """
            UPDATE rooms SET last_seq = last_seq + $1, last_message_at =
                CASE WHEN last_message_at > $2 AND last_message_at < $3 THEN last_message_at ELSE $2 END
            WHERE id = $4 RETURNING id, last_seq, last_message_at
            """,
            counts.sorted { $0.key.value < $1.key.value }.map {
                [.integer($0.value), .time(moment), .time(moment + .seconds(60)), .room($0.key)]
            })
        var advances: [RoomID: AppendPlan.Advance] = [:]
        for row in rows {
            advances[RoomID(try row.integer(0))] = AppendPlan.Advance(
                lastSeq: try row.integer(1), at: try row.time(2))
        }
        return advances
    }

    private static func insert(_ rows: [[SQLValue]], _ session: any SQLSession) throws(ChatError) -> [Int64] {
        try session.queryEach(
            """
            INSERT INTO messages (room_id, seq, author_id, body, client_id, created_at)
            VALUES ($1, $2, $3, $4, $5, $6) RETURNING id
            """, rows
        ).map { row throws(ChatError) in try row.integer(0) }
    }
}
