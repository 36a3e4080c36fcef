import ChatCore
import ChatSQL

/// A transaction on a PostgreSQL connection. BEGIN is sent in the same round trip as the first statement.
final class PostgreSQLSession: SQLSession {
    enum Mode {
        case reading
        case writing
    }

    private let connection: PostgreSQLConnection
    private let mode: Mode
    private let origin: String
    private var hasBegun = false
    /// Finds out the outcome of the transaction when its commit is in doubt; nil for one that reads.
    private(set) var mark: CommitMark?

    /// - Parameter origin: identifies this process to the listeners of notifications.
    init(_ connection: PostgreSQLConnection, _ mode: Mode, origin: String) {
        self.connection = connection
        self.mode = mode
        self.origin = origin
        connection.patience = Limits.databaseWait
    }

    func expectPromptAnswers() { connection.patience = Limits.databaseAnswer }

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

    func signal(_ events: [Event], at moment: Timestamp) throws(ChatError) {
        var notifications = Notifications(origin: origin)
        try notifications.add(events)
        _ = try queryEach(Notifications.statement, notifications.take().map { [.text($0)] })
    }

    func executeScript(_ sql: String) throws(ChatError) {
        // A migration, and waiting for another process that migrates, may take longer than a statement may.
        _ = try run("SET LOCAL statement_timeout = 0", [[]])
        _ = try run("SET LOCAL lock_timeout = 0", [[]])
        _ = try run("SET LOCAL idle_in_transaction_session_timeout = 0", [[]])
        try connection.script(sql)
    }

    /// Commits.
    ///
    /// - Throws: why the server refused; when the connection was lost instead, the outcome is unknown.
    func commit() throws(ChatError) {
        guard hasBegun else { return }
        if connection.hasFailedTransaction {
            rollBack()
            throw ChatError(.fault, "database: commit after a failed statement")
        }
        _ = try connection.exchange([PostgreSQLCommand("COMMIT")])
    }

    /// Rolls back without waiting for the result.
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
