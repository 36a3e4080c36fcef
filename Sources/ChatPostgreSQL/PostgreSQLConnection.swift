import CPostgreSQL
import ChatCore
import ChatSQL
import Glibc

// libpq in pipeline mode (PostgreSQL manual, chapter 34.5): all statements of an exchange are sent before the first
// result is awaited, so an exchange costs one round trip however many statements it has. Each statement is prepared once
// for a connection, in the pipeline that first needs it. Refused: one big `INSERT … unnest(…)`, which is no faster and
// would make each statement differ from SQLite's.

/// One connection. Used by one thread at a time.
final class PostgreSQLConnection {
    private let connection: OpaquePointer
    private let database: String
    /// The names of the prepared statements by their text.
    private var statements: [String: String] = [:]
    private var prepared = 0
    /// The statements that the exchange in progress prepares.
    private var fresh: [String] = []
    /// Exchanges whose results were not awaited; these arrive first.
    private var owed = 0
    /// Identifies the connection in ``CommitMark``.
    private let name = RandomText.hex(bytes: 8)
    private var lastMark: Int64 = 0
    private(set) var isLost = false
    /// How long an exchange waits for its answers before the connection counts as lost.
    var patience = Limits.databaseWait
    /// The SQLSTATE of the last failure.
    private(set) var sqlState = ""

    /// Connects, and refuses a database whose encoding cannot represent every text. Blocks the thread.
    ///
    /// - Throws: `unavailable`, `configuration`.
    init(_ address: PostgreSQLAddress) throws(ChatError) {
        connection = try address.connect()
        database = address.name
        // By default libpq prints notices to standard error.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        if PQparameterStatus(connection, "server_encoding").map({ String(cString: $0) }) != "UTF8" {
            throw ChatError(
                .configuration, "database \(database): its encoding is not UTF8",
                hint: "make the database with ENCODING 'UTF8'")
        }
        guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else { throw lose() }
        _ = try exchange([
            PostgreSQLCommand("SET statement_timeout = \(Limits.databaseStatement.milliseconds)"),
            PostgreSQLCommand("SET lock_timeout = \(Limits.databaseRowLock.milliseconds)"),
            PostgreSQLCommand("SET idle_in_transaction_session_timeout = \(Limits.databaseIdle.milliseconds)"),
        ])
    }

    deinit { PQfinish(connection) }

    var descriptor: Int32 { PQsocket(connection) }

    var isConflict: Bool { PostgreSQLErrors.isConflict(sqlState) }

    /// True after a statement has failed, so that the transaction can only be rolled back.
    var hasFailedTransaction: Bool { PQtransactionStatus(connection) == PQTRANS_INERROR }

    /// The mark of the next transaction that writes; nil while the table for it does not exist. Blocks the thread.
    func nextMark() throws(ChatError) -> CommitMark? {
        if lastMark == 0 {
            let question = PostgreSQLCommand("SELECT CAST(to_regclass('commits') IS NOT NULL AS INT)")
            guard try exchange([question]).first?.rows.first?.integer(0) == 1 else { return nil }
            sendOnly([CommitMark.sweeping])
        }
        lastMark += 1
        return CommitMark(connection: name, number: lastMark)
    }

    /// Sends all commands and waits for their answers, one for each command. Blocks the thread.
    ///
    /// - Throws: the error of the first statement that failed; the later ones did not run.
    func exchange(_ commands: [PostgreSQLCommand]) throws(ChatError) -> [PostgreSQLAnswer] {
        let turns = try send(commands)
        return try collect(turns, count: commands.count)
    }

    /// Sends commands whose results nobody needs; the next exchange reads past them.
    func sendOnly(_ commands: [PostgreSQLCommand]) {
        guard !isLost, (try? send(commands)) != nil else { return }
        owed += 1
        if PQflush(connection) < 0 { isLost = true }
    }

    /// Runs several statements without arguments, outside pipeline mode, which cannot. Blocks the thread.
    func script(_ sql: String) throws(ChatError) {
        guard PQexitPipelineMode(connection) == 1 else { throw lose() }
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        let failure = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? nil : fault(in: result)
        guard PQenterPipelineMode(connection) == 1 else { throw lose() }
        if let failure { throw failure }
    }

    /// Reads what has arrived from the server, without waiting for more.
    ///
    /// - Throws: `unavailable` when the connection is lost.
    func notifications() throws(ChatError) -> [(payload: String, isOwn: Bool)] {
        guard PQconsumeInput(connection) == 1 else { throw lose() }
        return takeNotifications()
    }

    /// The notifications that arrived together with the results of an exchange.
    func takeNotifications() -> [(payload: String, isOwn: Bool)] {
        var taken: [(payload: String, isOwn: Bool)] = []
        while let notification = PQnotifies(connection) {
            let isOwn = notification.pointee.be_pid == PQbackendPID(connection)
            taken.append((String(cString: notification.pointee.extra), isOwn))
            PQfreemem(notification)
        }
        return taken
    }
}

// MARK: - Sending

extension PostgreSQLConnection {
    /// Sends everything and returns to which command each result will belong: its index, or -1 for a preparation.
    private func send(_ commands: [PostgreSQLCommand]) throws(ChatError) -> [Int] {
        guard !isLost else { throw lose() }
        fresh = []
        var turns: [Int] = []
        turns.reserveCapacity(commands.reduce(commands.count) { $0 + $1.argumentSets.count })
        for (index, command) in commands.enumerated() where !command.argumentSets.isEmpty {
            let name = try statement(command.sql, &turns)
            for arguments in command.argumentSets {
                try send(name, arguments)
                turns.append(index)
            }
        }
        guard PQpipelineSync(connection) == 1 else { throw lose() }
        return turns
    }

    private func statement(_ sql: String, _ turns: inout [Int]) throws(ChatError) -> String {
        if let known = statements[sql] { return known }
        // Never the same name twice: a preparation that was skipped here may exist on the server.
        prepared += 1
        let name = "s\(prepared)"
        guard PQsendPrepare(connection, name, sql, 0, nil) == 1 else { throw lose() }
        statements[sql] = name
        fresh.append(sql)
        turns.append(-1)
        return name
    }

    private func send(_ statement: String, _ arguments: [SQLValue]) throws(ChatError) {
        let sent = PostgreSQLArguments(arguments).withPointers { values, lengths, formats in
            PQsendQueryPrepared(connection, statement, CInt(arguments.count), values, lengths, formats, 1)
        }
        guard sent == 1 else { throw lose() }
    }
}

// MARK: - Receiving

extension PostgreSQLConnection {
    private func collect(_ turns: [Int], count: Int) throws(ChatError) -> [PostgreSQLAnswer] {
        var answers = Array(repeating: PostgreSQLAnswer(), count: count)
        var (turn, failure): (Int, ChatError?) = (0, nil)
        let deadline = ContinuousClock.now + patience
        while true {
            while PQisBusy(connection) == 0 {
                guard let result = PQgetResult(connection) else {
                    // Nil separates the results of two statements; on a broken connection it comes for ever.
                    if PQstatus(connection) != CONNECTION_OK { throw lose() }
                    continue
                }
                defer { PQclear(result) }
                if PQresultStatus(result) == PGRES_PIPELINE_SYNC {
                    if owed > 0 {
                        owed -= 1
                    } else if let failure {
                        throw failure
                    } else {
                        return answers
                    }
                } else if owed == 0 {
                    // A server that closes the connection sends an error out of turn.
                    if failure == nil { failure = take(result, turn < turns.count ? turns[turn] : -1, &answers) }
                    turn += 1
                }
            }
            try waitForInput(until: deadline)
        }
    }

    /// Adds a result to the answers. Returns the error of a statement that failed.
    private func take(_ result: OpaquePointer, _ index: Int, _ answers: inout [PostgreSQLAnswer]) -> ChatError? {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK where index >= 0:
            let width = PQnfields(result)
            answers[index].width = Int(width)
            for row in 0..<PQntuples(result) {
                for column in 0..<width {
                    answers[index].values.append(SQLValue(result, row: row, column: column))
                }
            }
            fallthrough
        case PGRES_COMMAND_OK where index >= 0:
            if let changed = PQcmdTuples(result) { answers[index].changed += Int(String(cString: changed)) ?? 0 }
            return nil
        case PGRES_COMMAND_OK: return nil
        default: return fault(in: result)
        }
    }

    private func fault(in result: OpaquePointer?) -> ChatError {
        if PQstatus(connection) != CONNECTION_OK { return lose() }
        func field(_ code: Character) -> String? {
            PQresultErrorField(result, CInt(code.asciiValue ?? 0)).map { String(cString: $0) }
        }
        // The two fields that libpq calls PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY.
        sqlState = field("C") ?? ""
        // The server skipped everything after the failure, preparations included.
        for sql in fresh { statements[sql] = nil }
        if PostgreSQLErrors.isStale(sqlState) { isLost = true }
        return PostgreSQLErrors.translate(sqlState, field("M") ?? "no text", database: database)
    }

    private func waitForInput(until deadline: ContinuousClock.Instant) throws(ChatError) {
        let unsent = PQflush(connection)
        let left = (deadline - .now).milliseconds
        guard unsent >= 0, left > 0 else { throw lose() }
        var events = Int16(POLLIN)
        if unsent == 1 { events |= Int16(POLLOUT) }
        var polled = pollfd(fd: descriptor, events: events, revents: 0)
        guard poll(&polled, 1, CInt(left)) >= 0 || errno == EINTR else { throw lose() }
        if polled.revents & ~Int16(POLLOUT) != 0, PQconsumeInput(connection) != 1 { throw lose() }
    }

    /// Marks the connection as lost.
    private func lose() -> ChatError {
        isLost = true
        return ChatError(.unavailable, "database \(database): the connection was lost", hint: "try again")
    }
}
