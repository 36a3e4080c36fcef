import ChatCore
import ChatSQL
import ChatTestKit
import Testing

@testable import ChatSQLite

/// Searches do not hold other readers up, and end in time.
@Suite struct SQLiteSearcherTests {
    /// A query without end.
    private static let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n"

    @Test func `a search that takes too long is interrupted, and the next one is not`() async throws {
        let folder = try TemporaryFolder()
        let database = try await folder.open()
        let driver = try await SQLiteDriver.open(folder.file)
        for _ in 1...3 {
            await expect(.unavailable, saying: "took longer") {
                _ = try await driver.search(within: .milliseconds(20)) { session throws(ChatError) in
                    try session.query(Self.endless, [])
                }
            }
            let one = try await driver.search(within: .seconds(60)) { session throws(ChatError) in
                try session.query("SELECT COUNT(*) FROM rooms", []).first?.integer(0)
            }
            #expect(one == 1)
        }
        await driver.close()
        await database.close()
    }

    @Test func `others read while a search runs`() async throws {
        let folder = try TemporaryFolder()
        await (try await folder.open()).close()
        let driver = try await SQLiteDriver.open(folder.file)
        let search = Task {
            try await driver.search(within: .seconds(60)) { session throws(ChatError) in
                try session.query(Self.endless, [])
            }
        }
        for _ in 1...50 {
            let count = try await driver.read { session throws(ChatError) in
                try session.query("SELECT COUNT(*) FROM rooms", []).first?.integer(0)
            }
            #expect(count == 1)
        }
        await driver.close()
        _ = await search.result
    }

    @Test func `closing interrupts the search that runs and fails those that wait`() async throws {
        let folder = try TemporaryFolder()
        await (try await folder.open()).close()
        let driver = try await SQLiteDriver.open(folder.file)
        @Sendable func search() async throws(ChatError) {
            _ = try await driver.search(within: .seconds(60)) { session throws(ChatError) in
                try session.query(Self.endless, [])
            }
        }
        let searches = (1...5).map { _ in Task { try await search() } }
        // Until the first one has made the connection.
        await Task.yield()
        await driver.close()
        for search in searches { await expect(.unavailable) { try await search.value } }
        await expect(.unavailable) { try await search() }
    }
}
