import ChatCore

/// What stands in a database from its first day.
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

/// Text from the system's random numbers, for names that must not meet by chance.
enum RandomText {
    static func hex(bytes: Int) -> String {
        let digits = Array("0123456789abcdef".unicodeScalars)
        var generator = SystemRandomNumberGenerator()
        var text = ""
        for _ in 0..<bytes * 2 {
            text.unicodeScalars.append(digits[Int.random(in: 0..<16, using: &generator)])
        }
        return text
    }
}
