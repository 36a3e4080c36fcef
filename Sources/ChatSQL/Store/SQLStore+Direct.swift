import ChatCore

extension SQLStore {
    package func directRoom(
        of first: UserID, _ second: UserID, at moment: Timestamp
    ) async throws(ChatError) -> Room? {
        let key = Self.directKey(first, second)
        return try await driver.read { session throws(ChatError) in
            try Self.directRoom(key, at: moment, in: session)
        }
    }

    package func makeDirectRoom(
        _ first: UserID, _ second: UserID, freshName: RoomName, at moment: Timestamp
    ) async throws(ChatError) -> (room: Room, made: Bool) {
        let key = Self.directKey(first, second)
        return try await driver.write { session throws(ChatError) in
            let made = try session.query(
                """
                INSERT INTO rooms (name, kind, topic, direct_key, created_at) VALUES ($1, 'direct', '', $2, $3)
                ON CONFLICT DO NOTHING RETURNING id
                """,
                [.text(freshName.text), .text(key), .time(moment)])
            if let row = made.first {
                let id = RoomID(try row.integer(0))
                try Self.join([first, second], id, as: .member, at: moment, in: session)
                return (try Self.existingRoom(id, at: moment, in: session), true)
            }
            // Another process made the room first; if it did not, the name is taken.
            guard let room = try Self.directRoom(key, at: moment, in: session) else {
                throw .takenRoomName(freshName)
            }
            return (room, false)
        }
    }

    /// The same for both orders of a pair, so that the unique column rules out a second room for it.
    private static func directKey(_ first: UserID, _ second: UserID) -> String {
        "\(min(first.value, second.value)):\(max(first.value, second.value))"
    }

    private static func directRoom(
        _ key: String, at moment: Timestamp, in session: any SQLSession
    ) throws(ChatError) -> Room? {
        try session.query("\(SQL.room) WHERE r.direct_key = $2", [.time(moment), .text(key)])
            .first.map { row throws(ChatError) in try Room(row) }
    }
}
