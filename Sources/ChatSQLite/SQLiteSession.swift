import ChatCore
import ChatSQL
import FoundationEssentials
import GRDB

/// A transaction on a SQLite connection; it lives as long as the driver's call that made it.
struct SQLiteSession: SQLSession {
    let database: Database
    let path: String

    /// Runs `body` in a transaction and commits. IMMEDIATE: what was read in one is still true when it writes. Unlike
    /// GRDB's own transactions, these keep their statements: to parse two texts cost as much as to insert a message.
    func transaction<Value>(_ body: (any SQLSession) throws(ChatError) -> Value) throws -> Value {
        try database.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
        do {
            let value = try body(self)
            try database.cachedStatement(sql: "COMMIT").execute()
            return value
        } catch {
            // What has failed may have ended the transaction already.
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

    /// `RETURNING` would cost SQLite a temporary table for each row; it knows the last id anyway.
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

    /// Binds and steps without GRDB's argument lists and rows, which cost more than SQLite itself.
    private func run(
        _ statement: Statement, _ arguments: [SQLValue], _ take: (SQLiteStatement) -> Void
    ) throws {
        // Setting none resets the statement and clears what was bound before.
        statement.setUncheckedArguments(StatementArguments())
        for index in arguments.indices {
            let code = arguments[index].bind(to: statement.sqliteStatement, at: CInt(index + 1))
            guard code == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
        }
        do {
            try StatementCursor(statement).forEach(take)
        } catch {
            // A failed statement must be reset before it is used again; a cursor of GRDB does so as it goes.
            _ = try? Row.fetchCursor(statement)
            throw error
        }
    }
}

/// Hands out the statement itself for each of its rows.
private final class StatementCursor: DatabaseCursor {
    typealias Element = SQLiteStatement
    let _statement: Statement
    var _isDone = false

    init(_ statement: Statement) {
        _statement = statement
    }

    func _element(sqliteStatement: SQLiteStatement) -> SQLiteStatement { sqliteStatement }
}

extension SQLValue {
    fileprivate func bind(to statement: SQLiteStatement, at index: CInt) -> CInt {
        switch self {
        case .null: DatabaseValue.null.bind(to: statement, at: index)
        case .integer(let value): value.bind(to: statement, at: index)
        case .text(let text): text.bind(to: statement, at: index)
        case .bytes(let bytes): Data(bytes).bind(to: statement, at: index)
        }
    }

    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .text(String(number))
        case .string(let text): self = .text(text)
        case .blob(let data): self = .bytes(Array(data))
        }
    }
}
