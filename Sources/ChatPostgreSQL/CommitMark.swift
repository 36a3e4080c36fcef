import ChatCore
import ChatSQL

// A connection that ends while COMMIT is under way leaves it open whether the transaction took place. To answer
// "nothing was stored" would be a guess, and to try again could store twice. So each transaction that writes also
// writes its number beside the name of its connection; afterwards that row tells. Refused: pg_xact_status, because a
// server that crashed may give the number of a transaction that left no trace to another one, which was seen.

/// The row in which a connection notes its last transaction.
struct CommitMark: Sendable {
    /// A random name of the connection.
    let connection: String
    let number: Int64

    /// Written in the transaction itself, so it takes place or not with it.
    var writing: PostgreSQLCommand {
        PostgreSQLCommand(
            """
            INSERT INTO commits (connection, number, at) VALUES ($1, $2, \(ServerClock.now))
            ON CONFLICT (connection) DO UPDATE SET number = excluded.number, at = excluded.at
            """, [[.text(connection), .integer(number)]])
    }

    /// The rows of connections that ended a day ago.
    static let sweeping = PostgreSQLCommand("DELETE FROM commits WHERE at < \(ServerClock.now) - 86400000")

    /// The number of the last transaction that took place. The row is written to, not only read: so the answer waits
    /// for a transaction that the server is still at work on.
    func lastNumber(_ session: any SQLSession) throws(ChatError) -> Int64? {
        try session.query(
            """
            INSERT INTO commits (connection, number, at) VALUES ($1, 0, \(ServerClock.now))
            ON CONFLICT (connection) DO UPDATE SET at = excluded.at RETURNING number
            """, [.text(connection)]
        ).first?.integer(0)
    }
}
