import ChatCore
import ChatSQL
import Synchronization

/// A PostgreSQL database: a few connections in pipeline mode, each on a thread of its own.
final class PostgreSQLDriver: SQLDriver {
    let dialect = SQLDialect.postgreSQL
    var writer: (any TaskExecutor)? { nil }
    var reader: (any TaskExecutor)? { nil }
    let address: PostgreSQLAddress
    /// Identifies this process to the listeners of notifications.
    let origin = RandomText.hex(bytes: 8)
    /// The installation's time: all nodes use the server's clock, so that leases mean the same on each.
    let clock: ServerClock
    private let pool: PostgreSQLPool
    private let health = WriteHealth()
    private let isClosed = Atomic(false)

    private enum Ending<Value: Sendable>: Sendable {
        case committed(Value)
        case unknown(Value, CommitMark)
    }

    /// Opens an existing database.
    ///
    /// - Throws: `configuration` for a URL or a database that cannot be used; `unavailable`.
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

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        try requireOpen()
        return try await pool.read { connection throws(ChatError) in
            let session = PostgreSQLSession(connection, .reading, origin: self.origin)
            defer { session.rollBack() }
            return try body(session)
        }
    }

    func search<Value: Sendable>(
        within limit: Duration, _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        let began = ContinuousClock.now
        do throws(ChatError) {
            return try await read { session throws(ChatError) in
                _ = try session.query(
                    "SELECT set_config('statement_timeout', $1, true)", [.text(String(limit.milliseconds))])
                return try body(session)
            }
        } catch {
            let isLate = error.code == .unavailable && ContinuousClock.now - began >= limit
            throw isLate ? .slowSearch : error
        }
    }

    func commit<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Commit<Value> {
        try requireOpen()
        let ending: Ending<Value>
        do throws(ChatError) {
            ending = try await pool.write { connection throws(ChatError) in try self.perform(body, on: connection) }
        } catch {
            health.failed(error)
            throw error
        }
        health.succeeded()
        switch ending {
        case .committed(let value): return .done(value)
        case .unknown(let value, let mark):
            return .unknown { () throws(ChatError) in
                try await self.requireCommitted(mark)
                return value
            }
        }
    }

    func didCommit(messages: ClosedRange<Int64>) {}

    func fault() async -> ChatError? { health.fault }

    func prepareToServe() async {}

    func releaseMemory() async {}

    func close() async {
        isClosed.store(true, ordering: .releasing)
        pool.close()
    }

    private func requireOpen() throws(ChatError) {
        guard !isClosed.load(ordering: .acquiring) else {
            throw ChatError(.unavailable, "database \(address.name): it was closed")
        }
    }

    private func perform<Value: Sendable>(
        _ body: (any SQLSession) throws(ChatError) -> Value, on connection: PostgreSQLConnection
    ) throws(ChatError) -> Ending<Value> {
        let session = PostgreSQLSession(connection, .writing, origin: origin)
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
            guard connection.isLost, let mark = session.mark else { throw error }
            return .unknown(value, mark)
        }
        return .committed(value)
    }

    /// Waits until the outcome of a transaction is known.
    ///
    /// - Throws: `unavailable` when it was not committed, or the server cannot be reached for ``Limits/commitDoubt``.
    private func requireCommitted(_ mark: CommitMark) async throws(ChatError) {
        let deadline = ContinuousClock.now + Limits.commitDoubt
        while ContinuousClock.now < deadline {
            do throws(ChatError) {
                if try await lastNumber(mark) == mark.number { return }
                throw ChatError(.notFound, "database: the transaction did not take place")
            } catch {
                guard error.code == .unavailable else {
                    throw ChatError(.unavailable, "database \(address.name): it went away", hint: "try again")
                }
                try? await Task.sleep(for: Limits.databaseRetry)
            }
        }
        throw ChatError(
            .unavailable, "database: it went away during a commit, and it is not known whether the data was stored",
            hint: "check whether it was stored before you try again")
    }

    /// - Throws: `unavailable` also when the commit of this query is itself unknown.
    private func lastNumber(_ mark: CommitMark) async throws(ChatError) -> Int64? {
        switch try await commit({ session throws(ChatError) in try mark.lastNumber(session) }) {
        case .done(let number): number
        case .unknown: throw ChatError(.unavailable, "database \(address.name): it went away", hint: "try again")
        }
    }
}
