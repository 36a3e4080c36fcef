import ChatCore
import ChatSQL
import Synchronization

/// Passes everything on to another driver and records the text of each statement.
final class RecordingDriver: SQLDriver {
    private let base: any SQLDriver
    private let log = Log()
    private let closings = Mutex(0)

    /// What sessions of several threads write to.
    final class Log: Sendable {
        private let texts = Mutex<Set<String>>([])
        var statements: Set<String> { texts.withLock { $0 } }
        func add(_ sql: String) { texts.withLock { _ = $0.insert(sql) } }
    }

    init(_ base: any SQLDriver) {
        self.base = base
    }

    var statements: Set<String> { log.statements }
    var timesClosed: Int { closings.withLock { $0 } }
    var dialect: SQLDialect { base.dialect }
    var writer: (any TaskExecutor)? { base.writer }
    var reader: (any TaskExecutor)? { base.reader }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        try await base.read { [log] session throws(ChatError) in
            try body(RecordingSession(base: session, log: log))
        }
    }

    func search<Value: Sendable>(
        within limit: Duration, _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        try await base.search(within: limit) { [log] session throws(ChatError) in
            try body(RecordingSession(base: session, log: log))
        }
    }

    func commit<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Commit<Value> {
        try await base.commit { [log] session throws(ChatError) in
            try body(RecordingSession(base: session, log: log))
        }
    }

    func didCommit(messages: ClosedRange<Int64>) { base.didCommit(messages: messages) }
    func prepareToServe() async { await base.prepareToServe() }
    func releaseMemory() async { await base.releaseMemory() }
    func fault() async -> ChatError? { await base.fault() }

    func close() async {
        closings.withLock { $0 += 1 }
        await base.close()
    }
}

private struct RecordingSession: SQLSession {
    let base: any SQLSession
    let log: RecordingDriver.Log

    func query(_ sql: String, _ arguments: [SQLValue]) throws(ChatError) -> SQLRows {
        log.add(sql)
        return try base.query(sql, arguments)
    }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(ChatError) -> Int {
        log.add(sql)
        return try base.execute(sql, arguments)
    }

    func queryEach(_ sql: String, _ argumentSets: [[SQLValue]]) throws(ChatError) -> SQLRows {
        log.add(sql)
        return try base.queryEach(sql, argumentSets)
    }

    func insertEach(_ sql: String, _ argumentSets: [[SQLValue]]) throws(ChatError) -> [Int64] {
        log.add(sql)
        return try base.insertEach(sql, argumentSets)
    }

    func signal(_ events: [Event], at moment: Timestamp) throws(ChatError) { try base.signal(events, at: moment) }

    func executeScript(_ sql: String) throws(ChatError) { try base.executeScript(sql) }
}
