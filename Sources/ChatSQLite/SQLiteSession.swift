import ChatCore
import ChatSQL
import GRDB

/// A transaction on a SQLite connection. Valid only during the driver's call that made it.
struct SQLiteSession: SQLSession {
    let database: Database
    let path: String
    /// Identifies this process in `signals`, so that it skips its own.
    let origin: String

    /// Runs `body` in a transaction and commits. IMMEDIATE, so that what it has read is still true when it writes. Unlike
    /// GRDB's transactions, this caches its statements: to parse the two costs as much as to insert a message.
    func transaction<Value>(_ body: (any SQLSession) throws(ChatError) -> Value) throws -> Value {
        try database.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
        do {
            let value = try body(self)
            try database.cachedStatement(sql: "COMMIT").execute()
            return value
        } catch {
            // The failure may have ended the transaction already.
            if database.isInsideTransaction { try? database.rollback() }
            throw error
        }
    }

    func query(_ sql: String, _ arguments: [SQLValue]) throws(ChatError) -> SQLRows {
        try queryAll(sql, CollectionOfOne(arguments))
    }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(ChatError) -> Int {
        _ = try query(sql, arguments)
        return database.changesCount
    }

    func queryEach(_ sql: String, _ argumentSets: [[SQLValue]]) throws(ChatError) -> SQLRows {
        try queryAll(sql, argumentSets)
    }

    /// Without `RETURNING`, for which SQLite builds a temporary table for each row; it knows the last id anyway.
    func insertEach(_ sql: String, _ argumentSets: [[SQLValue]]) throws(ChatError) -> [Int64] {
        do {
            let statement = try database.cachedStatement(sql: sql)
            return try argumentSets.map { arguments in
                try run(statement, arguments) { _ in }
                return database.lastInsertedRowID
            }
        } catch {
            throw SQLiteErrors.translate(error, path: path)
        }
    }

    func signal(_ events: [Event], at moment: Timestamp) throws(ChatError) {
        _ = try execute(
            "INSERT INTO signals (at, origin, payload) VALUES ($1, $2, $3)",
            [.time(moment), .text(origin), .text(try SignalCoder.encode(events))])
        _ = try execute("DELETE FROM signals WHERE at < $1", [.time(moment - Limits.signalAge)])
    }

    func executeScript(_ sql: String) throws(ChatError) {
        do { try database.execute(sql: sql) } catch { throw SQLiteErrors.translate(error, path: path) }
    }

    private func queryAll(
        _ sql: String, _ argumentSets: some Collection<[SQLValue]>
    ) throws(ChatError) -> SQLRows {
        guard !argumentSets.isEmpty else { return SQLRows(values: [], width: 1) }
        do {
            let statement = try database.cachedStatement(sql: sql)
            let width = statement.columnCount
            var values: [SQLValue] = []
            values.reserveCapacity(argumentSets.count * width)
            for arguments in argumentSets {
                try run(statement, arguments) { row in
                    for column in 0..<CInt(width) {
                        values.append(SQLValue(DatabaseValue(sqliteStatement: row, index: column)))
                    }
                }
            }
            return SQLRows(values: values, width: width)
        } catch {
            throw SQLiteErrors.translate(error, path: path)
        }
    }

    /// Binds and steps without GRDB's arguments and rows, which cost more than SQLite itself.
    private func run(
        _ statement: Statement, _ arguments: [SQLValue], _ take: (SQLiteStatement) -> Void
    ) throws {
        // Setting no arguments resets the statement and clears its bindings.
        statement.setUncheckedArguments(StatementArguments())
        for index in arguments.indices {
            let code = arguments[index].bind(to: statement.sqliteStatement, at: CInt(index + 1))
            guard code == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
        }
        do {
            try StatementCursor(statement).forEach(take)
        } catch {
            // A failed statement must be reset before its next use, which a cursor of GRDB does when it goes away.
            _ = try? Row.fetchCursor(statement)
            throw error
        }
    }
}

/// A cursor whose elements are the statement itself, once for each row.
private final class StatementCursor: DatabaseCursor {
    typealias Element = SQLiteStatement
    let _statement: Statement
    var _isDone = false

    init(_ statement: Statement) {
        _statement = statement
    }

    func _element(sqliteStatement: SQLiteStatement) -> SQLiteStatement { sqliteStatement }
}
