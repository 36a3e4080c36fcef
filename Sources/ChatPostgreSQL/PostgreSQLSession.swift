import ChatCore
import ChatSQL

/// A transaction on a PostgreSQL connection; it begins with its first statement, in the same round trip.
final class PostgreSQLSession: SQLSession {
    enum Mode {
        case reading
        case writing
    }

    private let connection: PostgreSQLConnection
    private let mode: Mode
    private var hasBegun = false
    /// By what the fate of the transaction can be asked for later; nil while reading.
    private(set) var mark: CommitMark?

    init(_ connection: PostgreSQLConnection, _ mode: Mode) {
        self.connection = connection
        self.mode = mode
    }

    func query(_ sql: String, _ arguments: [SQLValue]) throws(ChatError) -> SQLRows {
        try run(sql, [arguments]).rows
    }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(ChatError) -> Int {
        try run(sql, [arguments]).changed
    }

    func queryEach(_ sql: String, _ argumentSets: [[SQLValue]]) throws(ChatError) -> SQLRows {
        guard !argumentSets.isEmpty else { return SQLRows(values: [], width: 1) }
        return try run(sql, argumentSets).rows
    }

    func insertEach(_ sql: String, _ argumentSets: [[SQLValue]]) throws(ChatError) -> [Int64] {
        guard !argumentSets.isEmpty else { return [] }
        return try run(sql + " RETURNING id", argumentSets).rows.map { row throws(ChatError) in try row.integer(0) }
    }

    func executeScript(_ sql: String) throws(ChatError) {
        // A script builds schemas and waits for other builders, which may take longer than a statement may.
        _ = try run("SET LOCAL statement_timeout = 0", [[]])
        try connection.script(sql)
    }

    /// Makes what was done durable.
    ///
    /// - Throws: what the server refused it for; when the connection has ended instead, nobody knows yet.
    func commit() throws(ChatError) {
        guard hasBegun else { return }
        if connection.hasFailedTransaction {
            rollBack()
            throw ChatError(.fault, "database: a failed statement was passed over")
        }
        _ = try connection.exchange([PostgreSQLCommand("COMMIT")])
    }

    /// Ends a transaction that changed nothing, or shall have changed nothing.
    func rollBack() {
        if hasBegun { connection.sendOnly([PostgreSQLCommand("ROLLBACK")]) }
    }

    private func run(_ sql: String, _ argumentSets: [[SQLValue]]) throws(ChatError) -> PostgreSQLAnswer {
        let command = PostgreSQLCommand(sql, argumentSets)
        guard !hasBegun else { return try connection.exchange([command]).last ?? PostgreSQLAnswer() }
        hasBegun = true
        switch mode {
        case .reading:
            let begin = PostgreSQLCommand("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return try connection.exchange([begin, command]).last ?? PostgreSQLAnswer()
        case .writing:
            mark = try connection.nextMark()
            let opening = [PostgreSQLCommand("BEGIN")] + (mark.map { [$0.writing] } ?? [])
            return try connection.exchange(opening + [command]).last ?? PostgreSQLAnswer()
        }
    }
}
