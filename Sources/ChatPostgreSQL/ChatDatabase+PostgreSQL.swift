import ChatCore
import ChatSQL

extension ChatDatabase {
    /// Opens a PostgreSQL database.
    ///
    /// - Parameter url: a connection URI of libpq.
    /// - Throws: `configuration` when the URL, the database or its schema is not as required, `unavailable` when it cannot
    ///   be used now.
    package static func open(
        postgreSQL url: String, clock: WallClock, _ opening: Opening = .current
    ) async throws(ChatError) -> ChatDatabase {
        let driver = try await PostgreSQLDriver.open(url, clock: clock)
        let bus = PostgreSQLBus(driver: driver)
        return try await ChatDatabase(
            driver, bus: bus, clock: driver.clock.wall, name: driver.address.name, opening)
    }
}
