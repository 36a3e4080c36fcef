import ChatCore

/// The one store: all of the core's store protocols in SQL, on any database that has a driver.
package final class SQLStore: Sendable {
    let driver: any SQLDriver
    /// Tells the time to calls that do not get it as an argument.
    let clock: WallClock

    package init(driver: any SQLDriver, clock: WallClock) {
        self.driver = driver
        self.clock = clock
    }
}
