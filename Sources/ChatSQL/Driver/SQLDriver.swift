// The interface between the one store and the databases it runs on. The store uses the SQL that SQLite 3.40 and
// PostgreSQL 15 have in common: `$1` placeholders (first used in ascending order, because SQLite numbers them by
// appearance), `ON CONFLICT`, `RETURNING`, times as whole milliseconds, no booleans, and `CAST` around a parameter
// whose type does not follow from its place. A statement that violates a constraint ends its transaction, as it does
// on PostgreSQL. What the two cannot share is in `SQLDialect`. Refused: a query builder, which would hide the SQL that
// one wants to read and to `EXPLAIN`.

import ChatCore

/// A database that runs closures in transactions, never on the threads of the cooperative pool.
package protocol SQLDriver: Sendable {
    var dialect: SQLDialect { get }
    /// The executor from which a task commits without switching threads; nil when the driver has none.
    var writer: (any TaskExecutor)? { get }
    /// The executor from which a task reads without switching threads; nil when the driver has none.
    var reader: (any TaskExecutor)? { get }

    /// Runs `body` on a snapshot of the committed data.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value

    /// Like ``read(_:)``, on the database that is in this one's place now: another file may have replaced the open one.
    func readAnew<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value

    /// Like ``read(_:)``, for a query that may read everything: it keeps other reads from nothing, and is interrupted after
    /// `limit`.
    ///
    /// - Throws: `unavailable` when it was interrupted.
    func search<Value: Sendable>(
        within limit: Duration, _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value

    /// Runs `body` in a durable transaction, which is rolled back when `body` throws. `body` may run again after a
    /// conflict with another transaction.
    func commit<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Commit<Value>

    /// Called after this process has committed new messages, with the range of their row ids.
    func didCommit(messages: ClosedRange<Int64>)

    /// Why nothing can be written now, as far as the last commit and a look at the database's files tell; nil if it can.
    func fault() async -> ChatError?

    /// Prepares for many small commits. Best effort: a failure costs speed only.
    func prepareToServe() async

    /// Frees memory that only serves as a cache.
    func releaseMemory() async

    /// Closes all connections; later calls throw `unavailable`.
    func close() async
}

extension SQLDriver {
    package func readAnew<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        try await read(body)
    }

    /// Like ``commit(_:)``, but waits until the transaction is known to be durable.
    @discardableResult
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        try await commit(body).settled()
    }
}
