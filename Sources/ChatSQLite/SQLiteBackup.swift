import ChatCore
import ChatSQL
import GRDB
import Glibc

// A backup is made by SQLite's online backup in one read transaction: it is the database of one moment, while others go
// on writing. A restore prepares its copy beside the database (checked, migrated, with a new epoch) and then renames
// it over the old file, so a crash leaves the one or the other. Three things must not happen at that moment. An old
// write-ahead log must not be applied to the new file: it is merged and emptied first, and nobody can write to the old
// database until it has been removed. The new file must not be opened before that: it is locked. And a process that has
// the old file open must not write into it unnoticed: `SQLiteDriver.commit` compares the files. Refused: copying the
// backup into the open database, which is one transaction too, but does not work where the old file is damaged.

/// Copies a SQLite database to a file, and back.
enum SQLiteBackup {
    /// How long a restore waits for readers and writers of the old database.
    private static let patience: Duration = .seconds(5)

    /// Writes a copy of the database at `path`, which may be in use. Returns its length in bytes. Blocks the thread.
    ///
    /// - Throws: `alreadyExists` when there is something at `file`, `outputFailed` when it cannot be written,
    ///   `configuration` when the database is missing.
    static func write(from path: String, to file: String) throws(ChatError) -> Int {
        guard try SQLiteFile.exists(path) else { throw .noSchema(path) }
        guard !PartialFile.isTaken(file) else { throw PartialFile.exists(file) }
        let partial = try PartialFile(file + ".partial")
        do throws(ChatError) {
            try copy(path, to: partial.path)
            try partial.sync()
            let size = partial.size
            try partial.publish(as: file)
            return size
        } catch {
            partial.discard()
            throw error
        }
    }

    /// Makes a backup the database at `path`, with a new epoch.
    ///
    /// - Throws: `invalidInput` for a file that is no whole backup of this program or an earlier one, `unavailable` while
    ///   a server uses the database.
    static func restore(_ file: String, to path: String, clock: WallClock) async throws(ChatError) {
        let path = SQLiteFile.resolved(path)
        let partial = try await SQLiteDriver.onThread { () throws(ChatError) in try begin(file, path, clock) }.get()
        do throws(ChatError) {
            try await prepare(file, as: partial.path, clock)
            try await SQLiteDriver.onThread { () throws(ChatError) in
                partial.adopt(from: path)
                try partial.sync()
                try replace(path, by: partial, clock)
            }.get()
        } catch {
            partial.discard()
            throw error
        }
    }

    private static func begin(
        _ file: String, _ path: String, _ clock: WallClock
    ) throws(ChatError) -> PartialFile {
        try check(file, isNot: path)
        if try SQLiteFile.exists(path) {
            try requireNoServer(of: path, clock)
        } else {
            try SQLiteFile.createFolders(above: path)
        }
        return try PartialFile(path + ".restoring")
    }

    /// A pipe would be waited for, and a folder is no database.
    private static func check(_ file: String, isNot path: String) throws(ChatError) {
        var status = stat()
        guard stat(file, &status) == 0 else {
            throw ChatError(.invalidInput, "backup \(file): \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ChatError(.invalidInput, "backup \(file): not a regular file")
        }
        guard SQLiteFile.identity(file) != SQLiteFile.identity(path) else {
            throw ChatError(.invalidInput, "backup \(file): it is the database itself")
        }
    }

    // MARK: Copying

    private static func copy(_ path: String, to fresh: String) throws(ChatError) {
        do {
            let source = try DatabaseQueue(path: path, configuration: configuration(readonly: true))
            defer { try? source.close() }
            let copy = try DatabaseQueue(path: fresh, configuration: configuration())
            defer { try? copy.close() }
            try source.backup(to: copy)
            // The copy says of itself that it has a write-ahead log, as the original does. It must be one file.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        } catch let fault as DatabaseError where fault.resultCode == .SQLITE_FULL {
            throw ChatError(.outputFailed, "file \(fresh): the disk is full", hint: "make room and try again")
        } catch {
            throw SQLiteErrors.translate(error, path: path)
        }
    }

    private static func configuration(readonly: Bool = false) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.busyMode = .timeout(Double(patience.components.seconds))
        return configuration
    }

    // MARK: Preparing

    private static func prepare(_ file: String, as fresh: String, _ clock: WallClock) async throws(ChatError) {
        do throws(ChatError) {
            let driver = try await SQLiteDriver.onThread { () throws(ChatError) in
                try copy(file, to: fresh)
                try requireIntegrity(of: fresh)
                return try SQLiteDriver.alone(fresh)
            }.get()
            let result = await prepared(driver, file, clock)
            await driver.close()
            try result.get()
        } catch  where error.code == .configuration {
            // It is about the backup: the input, and not the settings.
            throw ChatError(.invalidInput, error.message.replacing(fresh, with: file), hint: error.hint)
        }
    }

    private static func requireIntegrity(of fresh: String) throws(ChatError) {
        let found: String?
        do {
            let queue = try DatabaseQueue(path: fresh, configuration: configuration(readonly: true))
            defer { try? queue.close() }
            found = try queue.read { try String.fetchOne($0, sql: "PRAGMA integrity_check(1)") }
        } catch {
            throw SQLiteErrors.translate(error, path: fresh)
        }
        guard found == "ok" else {
            throw ChatError(.configuration, "backup \(fresh): it is damaged: \(found ?? "unreadable")")
        }
    }

    private static func prepared(
        _ driver: SQLiteDriver, _ file: String, _ clock: WallClock
    ) async -> Result<Void, ChatError> {
        do throws(ChatError) {
            let migrator = Migrator(driver: driver, clock: clock, database: file)
            guard try await migrator.status().contains(where: { $0.appliedAt != nil }) else {
                throw ChatError(.configuration, "backup \(file): it is no database of chatctl")
            }
            try await migrator.migrate()
            try await driver.requireWhole(as: file, clock)
            // The servers that were running when the backup was made are none of this database.
            try await driver.write { session throws(ChatError) in
                try session.execute("DELETE FROM presence", [])
                try session.execute("DELETE FROM nodes", [])
            }
            try await migrator.renewEpoch(Act("database.restore", by: .operator(as: nil), on: file))
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    // MARK: Replacing

    /// An early look, before the work of preparing. What counts is the one under the lock.
    private static func requireNoServer(of path: String, _ clock: WallClock) throws(ChatError) {
        guard let old = try opened(path) else { return }
        defer { try? old.close() }
        do {
            try old.read { try requireNoServer(of: path, clock.now(), $0) }
        } catch {
            let error = SQLiteErrors.translate(error, path: path)
            if !isRuined(error, path) { throw error }
        }
    }

    private static func requireNoServer(
        of path: String, _ moment: Timestamp, _ database: Database
    ) throws {
        guard try database.tableExists("nodes") else { return }
        try SQLiteSession(database: database, path: path, origin: "").requireNoServer(of: path, at: moment)
    }

    /// Nil for a file that is no database, or a damaged one.
    private static func opened(_ path: String) throws(ChatError) -> DatabaseQueue? {
        do {
            return try DatabaseQueue(path: path, configuration: configuration())
        } catch {
            let error = SQLiteErrors.translate(error, path: path)
            if isRuined(error, path) { return nil }
            throw error
        }
    }

    private static func isRuined(_ error: ChatError, _ path: String) -> Bool {
        error.code == .configuration || error == .damaged(path)
    }

    /// Renames the prepared file over the database, while nobody can write to the old one or open the new one.
    private static func replace(
        _ path: String, by partial: PartialFile, _ clock: WallClock
    ) throws(ChatError) {
        let lock = try locked(partial.path)
        defer { unlock(lock) }
        let old = try SQLiteFile.exists(path) ? quiet(path, clock) : nil
        defer { if let old { unlock(old) } }
        // Of a ruined database nothing can be merged; its log must be gone before the new file has the name.
        if old == nil { for suffix in PartialFile.companions { unlink(path + suffix) } }
        try partial.replace(path)
        for suffix in PartialFile.companions { unlink(path + suffix) }
        try SQLiteFile.syncFolder(of: path)
    }

    /// The new file, so locked that whoever opens it waits.
    private static func locked(_ fresh: String) throws(ChatError) -> DatabaseQueue {
        do {
            var configuration = configuration()
            configuration.allowsUnsafeTransactions = true
            let queue = try DatabaseQueue(path: fresh, configuration: configuration)
            try queue.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
            return queue
        } catch {
            throw SQLiteErrors.translate(error, path: fresh)
        }
    }

    private static func unlock(_ queue: DatabaseQueue) {
        try? queue.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try? queue.close()
    }

    /// The old database with an empty write-ahead log, and so locked that nobody can write to it; nil if it is ruined.
    private static func quiet(_ path: String, _ clock: WallClock) throws(ChatError) -> DatabaseQueue? {
        do {
            var configuration = configuration()
            configuration.allowsUnsafeTransactions = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            do {
                try queue.writeWithoutTransaction { try quieten($0, path, clock) }
                return queue
            } catch {
                unlock(queue)
                throw error
            }
        } catch {
            let error = SQLiteErrors.translate(error, path: path)
            if isRuined(error, path) { return nil }
            throw error
        }
    }

    private static func quieten(_ database: Database, _ path: String, _ clock: WallClock) throws {
        let deadline = ContinuousClock.now + patience
        while true {
            // Waits for the readers; 1 says that one of them took too long.
            let isBusy = try Int.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 1
            if !isBusy {
                try database.execute(sql: "BEGIN IMMEDIATE")
                if (SQLiteFile.size(path + "-wal") ?? 0) == 0 { break }
                // Somebody has written in between.
                try database.execute(sql: "ROLLBACK")
            }
            guard ContinuousClock.now < deadline else {
                throw ChatError(.unavailable, "database \(path): it is busy", hint: "other programs use it; try again")
            }
        }
        try requireNoServer(of: path, clock.now(), database)
    }
}
