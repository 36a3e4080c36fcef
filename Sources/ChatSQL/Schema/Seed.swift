import ChatCore

/// The rows that every database has from the start.
enum Seed {
    /// Inserts the installation's row and the room `general`.
    static func insert(at moment: Timestamp, _ session: any SQLSession) throws(ChatError) {
        try session.execute(
            "INSERT INTO installation (id, epoch, created_at) VALUES (1, $1, $2)",
            [.text(RandomText.hex(bytes: 16)), .time(moment)])
        try session.execute(
            "INSERT INTO rooms (name, kind, topic, created_at) VALUES ('general', 'public', '', $1)",
            [.time(moment)])
    }
}
