import ChatCore
import ChatTestKit
import Testing

@testable import ChatSQL
@testable import ChatSQLite

/// Schema versions: what is applied, what is refused.
@Suite struct MigratorTests {
    private let newest = SQLDialect.sqlite.migrations.count

    @Test func `a new database has an epoch, the room general and the newest schema`() async throws {
        let folder = try TemporaryFolder()
        let database = try await folder.open()
        #expect(try await database.store.epoch().utf8.count == 32)
        let general = try #require(try await database.store.room(named: RoomName("general"), at: folder.clock.now))
        #expect(general.kind == .public && general.createdAt == folder.clock.now)
        #expect(try await database.migrator.status().allSatisfy { $0.appliedAt == folder.clock.now })
        await database.close()
    }

    @Test func `migrating again applies nothing and keeps the epoch`() async throws {
        let folder = try TemporaryFolder()
        let first = try await folder.open()
        let epoch = try await first.store.epoch()
        #expect(try await first.migrator.migrate().isEmpty)
        await first.close()
        let second = try await folder.open()
        #expect(try await second.store.epoch() == epoch)
        await second.close()
    }

    @Test func `two databases have two epochs`() async throws {
        let folder = try TemporaryFolder()
        let (one, two) = (try await folder.open(), try await folder.open(file: folder.path + "/other.db"))
        #expect(try await one.store.epoch() != (try await two.store.epoch()))
        await one.close()
        await two.close()
    }

    @Test func `processes that migrate one new file at once all succeed`() async throws {
        let folder = try TemporaryFolder()
        let epochs = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    let database = try await folder.open()
                    let epoch = try await database.store.epoch()
                    await database.close()
                    return epoch
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(epochs.count == 1)
    }

    @Test func `a dry run tells what is to come and makes no file`() async throws {
        let folder = try TemporaryFolder()
        let database = try await folder.open(.inspecting)
        #expect(try await database.migrator.migrate(dryRun: true).map(\.version) == Array(1...newest))
        #expect(try await database.migrator.status().allSatisfy { $0.appliedAt == nil })
        await database.close()
        await expect(.configuration, saying: "has no schema yet") { _ = try await folder.open(.current) }
        #expect(!(try SQLiteFile.exists(folder.file)))
    }

    @Test func `an older schema is refused until it is migrated`() async throws {
        let folder = try TemporaryFolder()
        let database = try await folder.open()
        let newer = try await migrator(on: folder, adding: "CREATE TABLE extra (id BIGINT)")
        await expect(.configuration, saying: "at version \(newest), this program needs \(newest + 1)") {
            try await newer.requireCurrent()
        }
        #expect(try await newer.migrate().map(\.version) == [newest + 1])
        try await newer.requireCurrent()
        await expect(.configuration, saying: "newer than this program") {
            try await database.migrator.requireCurrent()
        }
        await database.close()
    }

    @Test func `the tables of another program are a wrong configuration`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "chat.db")
        let driver = try await SQLiteDriver.open(folder.file)
        try await driver.write { session throws(ChatError) in
            try session.executeScript("CREATE TABLE users (id BIGINT)")
        }
        await driver.close()
        await expect(.configuration, saying: "not chatctl's") { _ = try await folder.open() }
    }

    @Test func `a migration that fails leaves nothing behind`() async throws {
        let folder = try TemporaryFolder()
        let database = try await folder.open()
        let broken = try await migrator(on: folder, adding: "CREATE TABLE extra (id BIGINT); CREATE NONSENSE;")
        await expect(.fault) { try await broken.migrate() }
        try await database.migrator.requireCurrent()
        let mended = try await migrator(on: folder, adding: "CREATE TABLE extra (id BIGINT)")
        #expect(try await mended.migrate().count == 1)
        await database.close()
    }

    @Test func `a migration whose text was changed is refused`() async throws {
        let folder = try TemporaryFolder()
        await (try await folder.open()).close()
        let driver = try await SQLiteDriver.open(folder.file)
        try await driver.write { session throws(ChatError) in
            try session.execute("UPDATE schema_migrations SET checksum = 'x'", [])
        }
        await driver.close()
        for opening in [ChatDatabase.Opening.current, .migrating] {
            await expect(.configuration, saying: "has another text") { _ = try await folder.open(opening) }
        }
    }

    /// A migrator of a later program that knows one migration more.
    private func migrator(on folder: TemporaryFolder, adding script: String) async throws -> Migrator {
        var dialect = SQLDialect.sqlite
        dialect.migrations.append(Migration(version: newest + 1, name: "extra", script: script))
        let driver = LaterDriver(base: try await SQLiteDriver.open(folder.file), dialect: dialect)
        return Migrator(driver: driver, clock: folder.clock.wall, database: folder.file)
    }
}

/// A SQLite driver with other migrations.
private struct LaterDriver: SQLDriver {
    let base: SQLiteDriver
    let dialect: SQLDialect
    var writer: (any TaskExecutor)? { nil }
    var reader: (any TaskExecutor)? { nil }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        try await base.read(body)
    }

    func search<Value: Sendable>(
        within limit: Duration, _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value { try await base.search(within: limit, body) }

    func commit<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Commit<Value> {
        try await base.commit(body)
    }

    func didCommit(messages: ClosedRange<Int64>) {}
    func prepareToServe() async {}
    func releaseMemory() async {}
    func fault() async -> ChatError? { await base.fault() }
    func close() async { await base.close() }
}
