import ChatCore

/// The one store: all nouns of the core in SQL, over any database a driver brings.
package final class SQLStore: Sendable {
    let driver: any SQLDriver
    /// Says what is online, banned or expired now where a call does not bring the time itself.
    let clock: WallClock

    package init(driver: any SQLDriver, clock: WallClock) {
        self.driver = driver
        self.clock = clock
    }
}
