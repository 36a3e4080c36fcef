import ChatCore
import FoundationEssentials
import GRDB

/// A transaction on a SQLite connection; it lives as long as the driver's call that made it.
struct SQLiteSession: SQLSession {
    let database: Database
    let path: String

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
                let bindings = StatementArguments(arguments.map(\.databaseValue))
                let cursor = try Row.fetchCursor(statement, arguments: bindings)
                while let row = try cursor.next() {
                    for column in 0..<width { values.append(SQLValue(row[column] as DatabaseValue)) }
                }
            }
            return SQLRows(values: values, width: width)
        } catch {
            throw SQLiteErrors.translate(error, path: path)
        }
    }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
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
