// The seam between the one store and the databases it runs on. The store speaks SQL that both SQLite 3.40 and
// PostgreSQL 15 take: `$1` placeholders (which first appear in ascending order, since SQLite numbers them by
// appearance), `ON CONFLICT`, `RETURNING`, times as whole milliseconds, no booleans, and `CAST` round a parameter
// whose type does not follow from its place. A statement that breaks a constraint ends its transaction, as it
// does on PostgreSQL. What cannot be said in both stands in `SQLDialect`. Refused: a query builder, which would
// hide the SQL that one wants to read and to explain.

import ChatCore

/// A database: runs bodies in transactions, never on the cooperative pool's threads.
package protocol SQLDriver: Sendable {
    var dialect: SQLDialect { get }
    /// Where a task waits least for commits; nil when it is the same everywhere.
    var writer: (any TaskExecutor)? { get }
    /// Where a task that reads a little waits least; nil when it is the same everywhere.
    var reader: (any TaskExecutor)? { get }

    /// Runs `body` on a snapshot of what is committed.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value

    /// Runs `body` in a durable transaction that is rolled back when it throws; `body` may run again on a conflict.
    func commit<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Commit<Value>

    /// Hears which message rows a transaction of this process has added, after its commit.
    func didCommit(messages: ClosedRange<Int64>)

    /// Makes ready for many small commits; what cannot be done now is left.
    func prepareToServe() async

    /// Gives back memory that was kept to be faster.
    func releaseMemory() async

    /// Ends all connections; what comes later fails with `unavailable`.
    func close() async
}

extension SQLDriver {
    /// Runs `body` as ``commit(_:)`` does and waits until the transaction is known to be durable.
    @discardableResult
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        try await commit(body).settled()
    }
}
