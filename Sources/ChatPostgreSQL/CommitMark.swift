import ChatCore
import ChatSQL

// When a connection is lost while COMMIT is in flight, the outcome of the transaction is unknown. To report "nothing was
// stored" would be a guess, and to retry could store twice. So each transaction that writes also writes its number to a
// row of its connection, which can be read afterwards. Refused: pg_xact_status, because a server that crashed may give
// the id of a transaction that left no trace to another one, which we have seen happen.

/// The row in which a connection records its last transaction.
struct CommitMark: Sendable {
    /// A random name for the connection.
    let connection: String
    /// Counts the transactions of the connection.
    let number: Int64

    /// Part of the transaction itself, so that both are committed or neither.
    var writing: PostgreSQLCommand {
        PostgreSQLCommand(
            """
            INSERT INTO commits (connection, number, at) VALUES ($1, $2, \(ServerClock.now))
            ON CONFLICT (connection) DO UPDATE SET number = excluded.number, at = excluded.at
            """, [[.text(connection), .integer(number)]])
    }

    /// Removes the rows of connections that ended a day ago.
    static let sweeping = PostgreSQLCommand("DELETE FROM commits WHERE at < \(ServerClock.now) - 86400000")

    /// The number of the connection's last committed transaction. The row is written, not only read, so that this waits
    /// for a transaction that the server is still working on.
    func lastNumber(_ session: any SQLSession) throws(ChatError) -> Int64? {
        try session.query(
            """
            INSERT INTO commits (connection, number, at) VALUES ($1, 0, \(ServerClock.now))
            ON CONFLICT (connection) DO UPDATE SET at = excluded.at RETURNING number
            """, [.text(connection)]
        ).first?.integer(0)
    }
}
