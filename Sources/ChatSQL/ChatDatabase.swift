import ChatCore

/// An open database: the store, its schema and the bus that lives in it. Each backend adds a way to open one.
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

    /// Puts an opened driver and its bus together, and brings the schema into the state that is expected of it.
    ///
    /// - Parameter name: what the database is called in errors.
    /// - Throws: `configuration` when the schema is not as `opening` says, `unavailable` when the database cannot be
    ///   used now; the driver is closed then.
    package init(
        _ driver: any SQLDriver, bus: any Bus, clock: WallClock, name: String, _ opening: Opening
    ) async throws(ChatError) {
        store = SQLStore(driver: driver, clock: clock)
        migrator = Migrator(driver: driver, clock: clock, database: name)
        self.bus = bus
        self.clock = clock
        self.driver = driver
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
    }

    /// Stops the bus and ends all connections.
    package func close() async {
        await bus.stop()
        await driver.close()
    }
}
