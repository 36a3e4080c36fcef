import ChatCore

extension SQLStore: SeatStore {
    package func seats(of user: UserID) async throws(ChatError) -> [MemberSeat] {
        try await driver.read { session throws(ChatError) in
            try session.query(
                """
                SELECT m.room_id, m.role, m.last_read_seq, u.id, u.username, u.display_name
                FROM memberships m JOIN rooms r ON r.id = m.room_id
                LEFT JOIN memberships other ON r.kind = 'direct' AND other.room_id = m.room_id
                    AND other.user_id <> m.user_id
                LEFT JOIN users u ON u.id = other.user_id
                WHERE m.user_id = $1 ORDER BY m.room_id
                """, [.user(user)]
            ).map { row throws(ChatError) in
                let peer = try row.optionalInteger(3).map { id throws(ChatError) in
                    Author(
                        id: UserID(id), username: Username(stored: try row.text(4)), displayName: try row.text(5))
                }
                return MemberSeat(
                    room: RoomID(try row.integer(0)), role: try row.choice(1), lastReadSeq: try row.integer(2),
                    peer: peer)
            }
        }
    }
}
