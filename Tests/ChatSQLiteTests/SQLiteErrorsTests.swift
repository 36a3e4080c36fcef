import ChatCore
import GRDB
import Testing

@testable import ChatSQLite

@Suite struct SQLiteErrorsTests {
    private static func translate(_ code: ResultCode, message: String? = nil, isClosed: Bool = false) -> ChatError {
        SQLiteErrors.translate(DatabaseError(resultCode: code, message: message), path: "chat.db", isClosed: isClosed)
    }

    @Test(
        arguments: [
            (.SQLITE_CONSTRAINT_UNIQUE, .alreadyExists), (.SQLITE_CONSTRAINT_PRIMARYKEY, .alreadyExists),
            (.SQLITE_CONSTRAINT_ROWID, .alreadyExists), (.SQLITE_CONSTRAINT_FOREIGNKEY, .notFound),
            (.SQLITE_CONSTRAINT_CHECK, .fault), (.SQLITE_CONSTRAINT_NOTNULL, .fault),
            (.SQLITE_BUSY, .unavailable), (.SQLITE_BUSY_SNAPSHOT, .unavailable), (.SQLITE_LOCKED, .unavailable),
            (.SQLITE_FULL, .unavailable), (.SQLITE_READONLY, .unavailable), (.SQLITE_CANTOPEN, .unavailable),
            (.SQLITE_PERM, .unavailable), (.SQLITE_IOERR_FSYNC, .unavailable), (.SQLITE_CORRUPT, .unavailable),
            (.SQLITE_NOMEM, .unavailable), (.SQLITE_NOTADB, .configuration), (.SQLITE_INTERRUPT, .interrupted),
            (.SQLITE_ERROR, .fault), (.SQLITE_MISUSE, .fault), (.SQLITE_RANGE, .fault),
        ] as [(ResultCode, ErrorCode)])
    func `a result code decides, also in its extended form`(result: ResultCode, code: ErrorCode) {
        let error = Self.translate(result)
        #expect(error.code == code && error.message.hasPrefix("database chat.db: "))
    }

    @Test func `the text of an error decides nothing`() {
        #expect(Self.translate(.SQLITE_ERROR, message: "UNIQUE constraint failed: users.username").code == .fault)
        #expect(Self.translate(.SQLITE_BUSY, message: "file is not a database").code == .unavailable)
    }

    @Test func `a fault tells number and text for a report, other errors only what to do`() {
        #expect(Self.translate(.SQLITE_ERROR, message: "near \"x\"").message.contains("SQLite error 1, near \"x\""))
        #expect(!Self.translate(.SQLITE_FULL, message: "secret").message.contains("secret"))
        #expect(Self.translate(.SQLITE_FULL).hint != nil)
        #expect(Self.translate(.SQLITE_IOERR_SHMSIZE).hint == Self.translate(.SQLITE_FULL).hint)
    }

    @Test func `whatever fails once the database is closed says so`() {
        for code in [ResultCode.SQLITE_MISUSE, .SQLITE_CONSTRAINT_UNIQUE] {
            let error = Self.translate(code, isClosed: true)
            #expect(error.code == .unavailable && error.message.hasSuffix("it was closed"))
        }
    }

    @Test func `an error that is none of SQLite's passes through`() {
        let error = ChatError(.muted, "muted")
        #expect(SQLiteErrors.translate(error, path: "chat.db") == error)
        #expect(SQLiteErrors.translate(error, path: "chat.db", isClosed: true) == error)
        #expect(SQLiteErrors.translate(CancellationError(), path: "chat.db").code == .interrupted)
    }
}
