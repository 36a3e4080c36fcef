import ChatCore
import ChatTestKit
import Testing

@testable import ChatSQL
@testable import ChatSQLite

@Suite struct ChatDatabaseTests {
    private func driver(_ folder: TemporaryFolder) async throws -> RecordingDriver {
        try SQLiteFile.create(folder.file)
        return RecordingDriver(try await SQLiteDriver.open(folder.file))
    }

    private func open(
        _ driver: RecordingDriver, _ folder: TemporaryFolder, _ opening: ChatDatabase.Opening
    ) async throws -> ChatDatabase {
        try await ChatDatabase(
            driver, bus: InProcessExchange().endpoint(), clock: folder.clock.wall, name: "test.db", opening)
    }

    @Test func `a database that is opened as current must have its schema, and is closed when it has none`()
        async throws
    {
        let folder = try TemporaryFolder()
        let driver = try await driver(folder)
        await expect(.configuration, saying: "database test.db: has no schema yet") {
            _ = try await open(driver, folder, .current)
        }
        #expect(driver.timesClosed == 1)
    }

    @Test func `migrating makes the schema, after which the database is current`() async throws {
        let folder = try TemporaryFolder()
        let database = try await open(try await driver(folder), folder, .migrating)
        try await database.migrator.requireCurrent()
        #expect(try await !database.store.epoch().isEmpty)
        await database.close()
    }

    @Test func `inspecting changes nothing and keeps the database open`() async throws {
        let folder = try TemporaryFolder()
        let driver = try await driver(folder)
        let database = try await open(driver, folder, .inspecting)
        #expect(try await database.migrator.status().allSatisfy { $0.appliedAt == nil })
        #expect(driver.timesClosed == 0)
        await database.close()
        #expect(driver.timesClosed == 1)
    }
}
