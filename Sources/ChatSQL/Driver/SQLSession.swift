import ChatCore

/// A transaction in progress.
///
/// - Throws: `alreadyExists` when a unique constraint is violated, `notFound` when a foreign key is, `unavailable` when
///   the database cannot run the statement now, `fault` for a defect of this program.
package protocol SQLSession {
    /// Runs one statement and returns its rows.
    func query(_ sql: String, _ arguments: [SQLValue]) throws(ChatError) -> SQLRows
    /// Runs one statement and returns how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws(ChatError) -> Int
    /// Runs one statement once for each set of arguments, in order, and returns the rows of all runs.
    @discardableResult
    func queryEach(_ sql: String, _ argumentSets: [[SQLValue]]) throws(ChatError) -> SQLRows
    /// Runs one `INSERT` without `RETURNING` once for each set of arguments and returns the `id` of each new row.
    func insertEach(_ sql: String, _ argumentSets: [[SQLValue]]) throws(ChatError) -> [Int64]
    /// Tells the other processes of events, which they get once the transaction is committed.
    func signal(_ events: [Event], at moment: Timestamp) throws(ChatError)
    /// Makes the rest of this transaction, its commit too, give up a connection that does not answer soon, where there is
    /// another to take: for short transactions that others wait for.
    func expectPromptAnswers()
    /// Runs several statements without arguments.
    func executeScript(_ sql: String) throws(ChatError)
}

extension SQLSession {
    /// No-op: of a database in this process.
    package func expectPromptAnswers() {}
}
