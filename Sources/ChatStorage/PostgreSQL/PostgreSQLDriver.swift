import ChatCore
import Synchronization

// A connection that ends while COMMIT is under way leaves it open whether the transaction took place. To answer
// "nothing was stored" would be a guess, and a retry could store twice. So each transaction that writes learns its
// number first, and after such an end the server is asked what became of that number (pg_xact_status).

/// A PostgreSQL database: a few connections, each in pipeline mode on a thread of its own.
package final class PostgreSQLDriver: SQLDriver {
    package let dialect = SQLDialect.postgreSQL
    let address: PostgreSQLAddress
    /// The installation's time: every node goes by the server's clock, so leases mean the same on all.
    let clock: ServerClock
    private let pool: PostgreSQLPool
    private let isClosed = Atomic(false)

    private enum Ending<Value: Sendable>: Sendable {
        case committed(Value)
        case unknown(Value, transaction: String)
    }

    /// Opens a database that exists.
    ///
    /// - Throws: `configuration` for a URL or a database that cannot be used, `unavailable`.
    static func open(_ url: String, clock local: WallClock) async throws(ChatError) -> PostgreSQLDriver {
        let driver = PostgreSQLDriver(try PostgreSQLAddress(url), clock: ServerClock(local))
        _ = try await driver.read { session throws(ChatError) in try session.query("SELECT 1", []) }
        return driver
    }

    private init(_ address: PostgreSQLAddress, clock: ServerClock) {
        self.address = address
        self.clock = clock
        pool = PostgreSQLPool { () throws(ChatError) in
            let connection = try PostgreSQLConnection(address)
            try clock.set(by: connection)
            return connection
        }
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        try requireOpen()
        return try await pool.run(.reading) { connection throws(ChatError) in
            let session = PostgreSQLSession(connection, .reading)
            defer { session.rollBack() }
            return try body(session)
        }
    }

    package func commit<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Commit<Value> {
        try requireOpen()
        let ending = try await pool.run(.writing) { connection throws(ChatError) in
            try Self.perform(body, on: connection)
        }
        switch ending {
        case .committed(let value): return .done(value)
        case .unknown(let value, let transaction):
            return .unknown { () throws(ChatError) in
                try await self.requireCommitted(transaction)
                return value
            }
        }
    }

    package func didCommit(messages: ClosedRange<Int64>) {}

    package func close() async {
        isClosed.store(true, ordering: .releasing)
        pool.close()
    }

    private func requireOpen() throws(ChatError) {
        guard !isClosed.load(ordering: .acquiring) else {
            throw ChatError(.unavailable, "database \(address.name): it was closed")
        }
    }

    private static func perform<Value: Sendable>(
        _ body: (any SQLSession) throws(ChatError) -> Value, on connection: PostgreSQLConnection
    ) throws(ChatError) -> Ending<Value> {
        let session = PostgreSQLSession(connection, .writing)
        let value: Value
        do throws(ChatError) {
            value = try body(session)
        } catch {
            session.rollBack()
            throw error
        }
        do throws(ChatError) {
            try session.commit()
        } catch {
            guard connection.isLost, let transaction = session.transactionID else { throw error }
            return .unknown(value, transaction: transaction)
        }
        return .committed(value)
    }

    /// Waits until the server says what became of a transaction.
    ///
    /// - Throws: `unavailable` when it was not committed, or nobody can be asked for ``Limits/commitDoubt``.
    private func requireCommitted(_ transaction: String) async throws(ChatError) {
        let deadline = ContinuousClock.now + Limits.commitDoubt
        while ContinuousClock.now < deadline {
            switch try? await fate(of: transaction) {
            case "committed": return
            case "aborted": throw ChatError(.unavailable, "database: it went away", hint: "try again")
            default: try? await Task.sleep(for: Limits.databaseRetry)
            }
        }
        throw ChatError(
            .unavailable, "database: it went away in the middle of a commit and nobody knows what became of it",
            hint: "look whether it was stored before you try again")
    }

    private func fate(of transaction: String) async throws(ChatError) -> String? {
        try await read { session throws(ChatError) in
            try session.query("SELECT pg_xact_status(CAST(CAST($1 AS TEXT) AS xid8))", [.text(transaction)])
                .first?.optionalText(0)
        }
    }
}
