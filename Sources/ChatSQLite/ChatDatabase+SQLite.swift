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
