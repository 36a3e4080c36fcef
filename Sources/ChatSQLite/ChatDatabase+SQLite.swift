import ChatCore
import ChatSQL

extension ChatDatabase {
    /// Opens a SQLite file.
    ///
    /// - Throws: `configuration` when the file or its schema is not as required, `unavailable` when it cannot be used now.
    package static func open(
        sqlite path: String, clock: WallClock, _ opening: Opening = .current
    ) async throws(ChatError) -> ChatDatabase {
        let driver = try await driver(for: path, opening)
        let bus = SQLiteBus(driver: driver, clock: clock)
        return try await ChatDatabase(driver, bus: bus, clock: clock, name: path, opening)
    }

    /// - Throws: `configuration` when there is something else than a file, or it cannot be read.
    package static func exists(sqlite path: String) throws(ChatError) -> Bool { try SQLiteFile.exists(path) }

    /// Writes a copy of a database, which may be in use, to a file that does not exist yet. Returns its length in bytes.
    ///
    /// - Throws: `alreadyExists`, `outputFailed`, `configuration` when the database is missing.
    package static func backUp(sqlite path: String, to file: String) async throws(ChatError) -> Int {
        try await SQLiteDriver.onThread { () throws(ChatError) in try SQLiteBackup.write(from: path, to: file) }.get()
    }

    /// Makes a backup the database at `path`; every room gets another epoch.
    ///
    /// - Throws: `invalidInput` for what is no backup, `unavailable` while a server uses the database.
    package static func restore(sqlite path: String, from file: String, clock: WallClock) async throws(ChatError) {
        try await SQLiteBackup.restore(file, to: path, clock: clock)
    }

    private static func driver(for path: String, _ opening: Opening) async throws(ChatError) -> SQLiteDriver {
        if try !SQLiteFile.exists(path) {
            switch opening {
            case .current: throw .noSchema(path)
            case .migrating: try SQLiteFile.create(path)
            case .inspecting: return try SQLiteDriver.inMemory(as: path)
            }
        }
        return try await SQLiteDriver.open(path)
    }
}
