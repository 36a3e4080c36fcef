import ChatCore

/// An open database: the store, its schema and the bus that lives in it.
package struct ChatDatabase: Sendable {
    package let store: SQLStore
    package let migrator: Migrator
    /// Reaches the other processes that have this database open.
    package let bus: any Bus
    /// The installation's time: this machine's, or that of the database's server where there is one.
    package let clock: WallClock
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
        let bus = SQLiteBus(driver: driver, clock: clock)
        return try await ChatDatabase(driver, bus: bus, clock: clock, name: path).inState(opening)
    }

    /// Opens a PostgreSQL database.
    ///
    /// - Parameter url: what libpq takes.
    /// - Throws: `configuration` when the URL, the database or its schema is not as `opening` says, `unavailable` when
    ///   it cannot be used now.
    package static func open(
        postgreSQL url: String, clock: WallClock, _ opening: Opening = .current
    ) async throws(ChatError) -> ChatDatabase {
        let driver = try await PostgreSQLDriver.open(url, clock: clock)
        let bus = PostgreSQLBus(driver: driver)
        return try await ChatDatabase(driver, bus: bus, clock: driver.clock.wall, name: driver.address.name)
            .inState(opening)
    }

    private init(_ driver: any SQLDriver, bus: any Bus, clock: WallClock, name: String) {
        store = SQLStore(driver: driver, clock: clock)
        migrator = Migrator(driver: driver, clock: clock, database: name)
        self.bus = bus
        self.clock = clock
        self.driver = driver
    }

    private func inState(_ opening: Opening) async throws(ChatError) -> ChatDatabase {
        do throws(ChatError) {
            switch opening {
            case .current: try await migrator.requireCurrent()
            case .migrating: try await migrator.migrate()
            case .inspecting: break
            }
        } catch {
            await driver.close()
            throw error
        }
        return self
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
