import ChatCore

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
