import ChatCore
import Synchronization

/// The one store: all of the core's store protocols in SQL, on any database that has a driver.
package final class SQLStore: Sendable {
    let driver: any SQLDriver
    let settling = Mutex(Settling())

    package init(driver: any SQLDriver) {
        self.driver = driver
    }
}
