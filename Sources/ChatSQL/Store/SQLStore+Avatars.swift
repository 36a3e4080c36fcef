import ChatCore

extension SQLStore: AvatarStore {
    package func avatar(of name: Username) async throws(ChatError) -> Avatar? {
        try await driver.read { session throws(ChatError) in
            try session.query(
                """
                SELECT a.type, a.picture FROM avatars a JOIN users u ON u.id = a.user_id
                WHERE u.username = $1 AND u.deleted_at IS NULL
                """, [.text(name.text)]
            ).first.map { row throws(ChatError) in Avatar(stored: try row.choice(0), try row.bytes(1)) }
        }
    }

    package func setAvatar(
        _ avatar: Avatar?, of user: UserID, at moment: Timestamp, act: Act
    ) async throws(ChatError) {
        try await perform(act, at: moment) { session throws(ChatError) in
            if let avatar {
                try session.execute(
                    """
                    INSERT INTO avatars (user_id, type, picture, changed_at) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (user_id) DO UPDATE
                    SET type = excluded.type, picture = excluded.picture, changed_at = excluded.changed_at
                    """,
                    [.user(user), .text(avatar.kind.rawValue), .bytes(avatar.bytes), .time(moment)])
            } else {
                try session.execute("DELETE FROM avatars WHERE user_id = $1", [.user(user)])
            }
            try session.record(act, at: moment)
        }
    }
}
