import ChatCore
import ChatTestKit
import Glibc
import Testing

@testable import ChatPostgreSQL
@testable import ChatSQL

/// A schema of its own in the PostgreSQL that `make test` starts.
struct PostgreSQLPlace: Sendable {
    let url: String
    let clock = TestClock()

    /// A missing server is a failure, not a skip.
    static func fresh() async throws -> PostgreSQLPlace {
        let server = try #require(
            getenv("CHATCTL_TEST_POSTGRES").map { String(cString: $0) },
            "no PostgreSQL: run the tests with 'make test', or below Tests/EndToEnd/services.py")
        let schema = "test_" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let driver = try await PostgreSQLDriver.open(server, clock: TestClock().wall)
        try await driver.write { session throws(ChatError) in try session.executeScript("CREATE SCHEMA \(schema)") }
        await driver.close()
        return PostgreSQLPlace(url: "\(server)?options=-csearch_path%3D\(schema)")
    }

    func open(_ opening: ChatDatabase.Opening = .migrating, clock: WallClock? = nil) async throws -> ChatDatabase {
        try await ChatDatabase.open(postgreSQL: url, clock: clock ?? self.clock.wall, opening)
    }

    /// The database's store by the test's clock instead of the server's.
    func store(_ database: ChatDatabase) -> SQLStore {
        SQLStore(driver: database.store.driver)
    }
}
