import ChatCore
import ChatSQL
import Dispatch
import GRDB
import Glibc
import Synchronization

/// A SQLite file with a write-ahead log: one connection that writes and a few that read snapshots.
final class SQLiteDriver: SQLDriver {
    let dialect = SQLDialect.sqlite
    var writer: (any TaskExecutor)? { writing }
    var reader: (any TaskExecutor)? { reading }
    private let writing: DriverThread
    private let reading: DriverThread
    let path: String
    /// Identifies this process in `signals`.
    let origin = RandomText.hex(bytes: 8)
    /// The file that is open; nil for a database in memory.
    let file: SQLiteFile.Identity?
    /// The write-ahead log that belongs to it, once it was seen.
    private let log = Mutex<SQLiteFile.Identity?>(nil)
    private let health = WriteHealth()
    private let patience: WritePatience
    private let connections: any DatabaseWriter
    private let isClosed = Atomic(false)
    /// Opened by the first search.
    private let searcher = Mutex<SQLiteSearcher?>(nil)
    /// How far this process knows the log; for the bus.
    let position = Mutex(LogPosition())

    init(
        path: String, file: SQLiteFile.Identity?, connections: any DatabaseWriter, patience: WritePatience
    ) throws(ChatError) {
        self.path = path
        self.file = file
        self.connections = connections
        self.patience = patience
        writing = try DriverThread()
        reading = try DriverThread()
    }

    /// Opens an existing file.
    ///
    /// - Throws: `configuration` when it is not a database, `unavailable` when it cannot be used now.
    static func open(_ path: String) async throws(ChatError) -> SQLiteDriver {
        let patience = WritePatience()
        let (file, connections) = try await onThread { () throws(ChatError) in
            while true {
                // Before as well as after: a file that was replaced meanwhile must not pass for the one that is open.
                let file = SQLiteFile.identity(path)
                let connections = try connect(path, patience)
                if SQLiteFile.identity(path) == file { return (file, connections) }
                try? connections.close()
            }
        }.get()
        return try SQLiteDriver(path: path, file: file, connections: connections, patience: patience)
    }

    /// An empty database in memory, to find out what would be done to a file that does not exist.
    static func inMemory(as path: String) throws(ChatError) -> SQLiteDriver {
        let (queue, patience): (DatabaseQueue, WritePatience)
        do {
            patience = WritePatience()
            queue = try DatabaseQueue(configuration: configuration(patience))
        } catch {
            throw SQLiteErrors.translate(error, path: path)
        }
        return try SQLiteDriver(path: path, file: nil, connections: queue, patience: patience)
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        if reading.isCurrent { return try blockingRead(body) }
        do {
            return try await connections.read { [path, origin] in
                try body(SQLiteSession(database: $0, path: path, origin: origin))
            }
        } catch {
            throw translate(error)
        }
    }

    func commit<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Commit<Value> {
        do {
            // SQLite goes on writing to a file that was removed: nobody would find the data again. Before the commit, so
            // that what is refused is not there when the file comes back; and after it, in case it went in between.
            let checked: @Sendable (any SQLSession) throws(ChatError) -> Value = { session throws(ChatError) in
                self.patience.gotLock()
                let value = try body(session)
                if let fault = self.missingFile() { throw fault }
                return value
            }
            let value: Value
            if writing.isCurrent {
                value = try commitHere(checked)
            } else {
                value = try await connections.writeWithoutTransaction { [path, origin] in
                    try SQLiteSession(database: $0, path: path, origin: origin).transaction(checked)
                }
            }
            if let fault = missingFile() { throw fault }
            health.succeeded()
            return .done(value)
        } catch {
            let error = translate(error)
            health.failed(error)
            throw error
        }
    }

    func fault() async -> ChatError? { missingFile() ?? health.fault }

    private func missingFile() -> ChatError? {
        guard let file, isOpen else { return nil }
        if SQLiteFile.identity(path) != file { return Self.removed("database \(path): the file") }
        let current = SQLiteFile.identity(path + "-wal")
        let isSame = log.withLock { log in
            if log == nil { log = current }
            return log == current
        }
        return isSame ? nil : Self.removed("database \(path): its write-ahead log")
    }

    private static func removed(_ what: String) -> ChatError {
        ChatError(
            .unavailable, "\(what) was removed or replaced",
            hint: "put it back, or restart to work with what is there now"
        ).of(.database)
    }

    /// Commits on the current thread.
    private func commitHere<Value>(_ body: (any SQLSession) throws(ChatError) -> Value) throws -> Value {
        try connections.writeWithoutTransaction {
            try SQLiteSession(database: $0, path: path, origin: origin).transaction(body)
        }
    }

    /// Like ``read(_:)``. Blocks the thread.
    func blockingRead<Value>(_ body: (any SQLSession) throws(ChatError) -> Value) throws(ChatError) -> Value {
        do {
            return try connections.read { try body(SQLiteSession(database: $0, path: path, origin: origin)) }
        } catch {
            throw translate(error)
        }
    }

    /// Runs `body` on the writing connection without a transaction. Blocks the thread.
    func blockingWriter<Value>(_ body: (any SQLSession) throws(ChatError) -> Value) throws(ChatError) -> Value {
        do {
            return try connections.writeWithoutTransaction {
                try body(SQLiteSession(database: $0, path: path, origin: origin))
            }
        } catch {
            throw translate(error)
        }
    }

    func search<Value: Sendable>(
        within limit: Duration, _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        guard file != nil else { return try await read(body) }
        let searcher = try searcher.withLock { searcher throws(ChatError) in
            guard isOpen else { throw ChatError(.unavailable, "database \(path): it was closed") }
            if let searcher { return searcher }
            let fresh = try SQLiteSearcher(path: path, configuration: Self.configuration(patience))
            searcher = fresh
            return fresh
        }
        return try await searcher.search(within: limit, body)
    }

    func didCommit(messages: ClosedRange<Int64>) {
        position.withLock { $0.add(own: messages) }
    }

    /// Extends the write-ahead log to its full length. A sync of overwritten bytes takes half as long as one that makes the
    /// file grow, because the file system has no metadata to write.
    func prepareToServe() async {
        guard (SQLiteFile.size(path + "-wal") ?? 0) < Self.logBytes else { return }
        _ = await Self.onThread { [connections] () throws(ChatError) in
            // A transaction larger than the page cache is written to the log even though it is rolled back.
            try? connections.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try database.execute(sql: "CREATE TABLE log_space (bytes BLOB)")
                    try database.execute(
                        sql: "INSERT INTO log_space VALUES (zeroblob(?))", arguments: [Self.logBytes + Self.cacheBytes])
                    return .rollback
                }
            }
        }
    }

    func releaseMemory() async {
        _ = await Self.onThread { [connections] () throws(ChatError) in
            (connections as? DatabasePool)?.releaseMemory()
        }
    }

    func close() async {
        isClosed.store(true, ordering: .releasing)
        let searcher = searcher.withLock { searcher in
            defer { searcher = nil }
            return searcher
        }
        await searcher?.close()
        _ = await Self.onThread { [connections] () throws(ChatError) in
            // Readers first: the last connection to close merges the log into the file, which a reader cannot do.
            (connections as? DatabasePool)?.releaseMemory()
            // A connection that fails to close now is closed with the object.
            try? connections.close()
        }
    }

    var isOpen: Bool { !isClosed.load(ordering: .acquiring) }

    private func translate(_ error: any Error) -> ChatError {
        SQLiteErrors.translate(error, path: path, isClosed: !isOpen).of(.database)
    }
}

extension SQLiteDriver {
    /// Pages in the log at which it is checkpointed into the file: 16 MB instead of SQLite's 4, for a tenth more messages a
    /// second.
    private static let logPages = 4_000
    private static let logBytes = logPages * 4_120
    /// SQLite's page cache.
    private static let cacheBytes = 2_048_000

    private static func connect(_ path: String, _ patience: WritePatience) throws(ChatError) -> DatabasePool {
        let deadline = ContinuousClock.now + Limits.databaseLock
        while true {
            do {
                let pool = try DatabasePool(path: path, configuration: configuration(patience))
                // The pool has set NORMAL, which can lose the last commits in a power failure.
                try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
                return pool
            } catch let fault as DatabaseError where fault.resultCode == .SQLITE_BUSY {
                // SQLite does not wait when two processes switch a new file to the write-ahead log at once.
                guard ContinuousClock.now < deadline else { throw SQLiteErrors.translate(fault, path: path) }
                usleep(10_000)
            } catch {
                throw SQLiteErrors.translate(error, path: path)
            }
        }
    }

    static func configuration(_ patience: WritePatience = WritePatience()) -> Configuration {
        var configuration = Configuration()
        configuration.label = "chatctl"
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = 4
        configuration.busyMode = .callback { patience.waits(afterTries: $0) }
        configuration.prepareDatabase { database in
            if database.configuration.readonly {
                // GRDB sets 10 s for readers, which wait only while another process recovers the log.
                try database.execute(sql: "PRAGMA busy_timeout = 5000")
            } else {
                try database.execute(sql: "PRAGMA wal_autocheckpoint = \(logPages)")
            }
            database.add(function: FilterFunction.function)
        }
        return configuration
    }

    /// Runs blocking work on a thread that may block.
    static func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws(ChatError) -> Value
    ) async -> Result<Value, ChatError> {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: Result(catching: work)) }
        }
    }
}
