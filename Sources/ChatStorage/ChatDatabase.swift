import ChatCore

/// An open database: the store, its schema and the bus that lives in it.
package struct ChatDatabase: Sendable {
    package let store: SQLStore
    package let migrator: Migrator
    /// Reaches the other processes that have this database open.
    package let bus: any Bus
    private let driver: any SQLDriver

    /// What is expected of the schema.
    package enum Opening: Sendable {
        /// It must be there and current.
        case current
        /// It is made or brought up to date.
        case migrating
        /// It may be in any state; a missing file is looked at as an empty one and not made.
        case inspecting
    }

    /// Opens a SQLite file.
    ///
    /// - Throws: `configuration` when the file or its schema is not as `opening` says, `unavailable` when it cannot
    ///   be used now.
    package static func open(
        sqlite path: String, clock: WallClock, _ opening: Opening = .current
    ) async throws(ChatError) -> ChatDatabase {
        let driver = try await sqliteDriver(path, opening)
        let database = ChatDatabase(
            store: SQLStore(driver: driver, clock: clock),
            migrator: Migrator(driver: driver, clock: clock, database: path),
            bus: SQLiteBus(driver: driver, clock: clock), driver: driver)
        do throws(ChatError) {
            switch opening {
            case .current: try await database.migrator.requireCurrent()
            case .migrating: try await database.migrator.migrate()
            case .inspecting: break
            }
        } catch {
            await driver.close()
            throw error
        }
        return database
    }

    /// Stops the bus and ends all connections.
    package func close() async {
        await bus.stop()
        await driver.close()
    }

    private static func sqliteDriver(_ path: String, _ opening: Opening) async throws(ChatError) -> SQLiteDriver {
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
