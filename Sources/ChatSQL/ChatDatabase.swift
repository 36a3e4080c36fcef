import ChatCore

/// An open database: its store, its migrator and the bus that it provides. Each backend adds a function that opens one.
package struct ChatDatabase: Sendable {
    package let store: SQLStore
    package let migrator: Migrator
    /// Reaches the other processes that have this database open.
    package let bus: any Bus
    /// The installation's time: that of the database server where there is one, else this machine's.
    package let clock: WallClock
    private let driver: any SQLDriver

    /// What to do about the schema.
    package enum Opening: Sendable {
        /// Require that it exists and is up to date.
        case current
        /// Create it or bring it up to date.
        case migrating
        /// Take it in any state. A missing file counts as an empty one and is not created.
        case inspecting
    }

    /// Puts an open driver and its bus together and sees to the schema.
    ///
    /// - Parameter name: the name of the database in errors.
    /// - Throws: `configuration` when the schema is not as required, `unavailable` when the database cannot be used now.
    ///   The driver is then closed.
    package init(
        _ driver: any SQLDriver, bus: any Bus, clock: WallClock, name: String, _ opening: Opening
    ) async throws(ChatError) {
        store = SQLStore(driver: driver)
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

    /// Stops the bus and closes all connections.
    package func close() async {
        await bus.stop()
        await driver.close()
    }
}
