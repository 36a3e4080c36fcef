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

/// One transaction as its body sees it.
///
/// - Throws: `alreadyExists` when a unique constraint is broken, `notFound` when a reference leads nowhere,
///   `unavailable` when the database cannot do it now, `fault` for what is a defect of ours.
package protocol SQLSession {
    /// The rows that one statement answers.
    func query(_ sql: String, _ arguments: [SQLValue]) throws(ChatError) -> SQLRows
    /// Runs one statement and answers how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws(ChatError) -> Int
    /// Runs one statement once for each set of arguments, in order; the rows of all stand one after the other.
    @discardableResult
    func queryEach(_ sql: String, _ argumentSets: [[SQLValue]]) throws(ChatError) -> SQLRows
    /// Runs one `INSERT` without `RETURNING` once for each set of arguments and answers the `id` each row was given.
    func insertEach(_ sql: String, _ argumentSets: [[SQLValue]]) throws(ChatError) -> [Int64]
    /// Runs several statements without arguments.
    func executeScript(_ sql: String) throws(ChatError)
}

/// What the databases say differently.
package struct SQLDialect: Sendable {
    /// Ends a `SELECT` whose rows no other transaction may change until this one ends, though it may refer to them;
    /// empty where writers are alone.
    let rowLock: String
    /// Holds off other migrations until the transaction ends; nil where writers are alone.
    let migrationLock: String?
    /// Counts the tables called `schema_migrations`: 0 or 1.
    let schemaTableCount: String
    package var migrations: [Migration]
    /// A column of text in lower case, by the rules of all scripts.
    let lowered: @Sendable (_ column: String) -> String
    /// Holds for a column whose number stands in the list that the one placeholder brings.
    let isListed: @Sendable (_ column: String, _ placeholder: String) -> String
    /// Numbers as ``isListed`` reads them.
    let list: @Sendable ([Int64]) -> SQLValue

    package init(
        rowLock: String, migrationLock: String?, schemaTableCount: String, migrations: [Migration],
        lowered: @escaping @Sendable (_ column: String) -> String,
        isListed: @escaping @Sendable (_ column: String, _ placeholder: String) -> String,
        list: @escaping @Sendable ([Int64]) -> SQLValue
    ) {
        self.rowLock = rowLock
        self.migrationLock = migrationLock
        self.schemaTableCount = schemaTableCount
        self.migrations = migrations
        self.lowered = lowered
        self.isListed = isListed
        self.list = list
    }
}
