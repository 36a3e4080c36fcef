import ChatCore

/// The one store: all of the core's store protocols in SQL, on any database that has a driver.
package final class SQLStore: Sendable {
    let driver: any SQLDriver
    /// Tells the time to calls that do not get it as an argument.

    package init(driver: any SQLDriver) {
        self.driver = driver
    }
}
