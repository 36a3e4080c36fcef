import ChatCore
import ChatTestKit
import Testing

@testable import ChatPostgreSQL
@testable import ChatSQL

@Suite struct SQLDialectTests {
    private let dialect = SQLDialect.postgreSQL

    @Test func `the released migrations are unchanged`() {
        #expect(
            dialect.migrations.map(\.checksum) == [
                "4b1533fc65550e2d", "250556841de6e65a", "0a86c8b6f9fc1a04", "0852892999fbc16f",
                "8452fa900a2e78df", "6868e772e4ece1a1", "5eca3735a4fa18a7", "b25667a763d5e5a3",
                "5892b118aa1418cc",
            ])
    }

    @Test func `versions rise by one, and no script is empty`() {
        #expect(dialect.migrations.map(\.version) == Array(1...dialect.migrations.count))
        #expect(dialect.migrations.allSatisfy { !$0.script.isEmpty && !$0.name.isEmpty })
    }

    @Test(arguments: [[], [7], [1, 5, 9], [.max, .min]] as [[Int64]])
    func `a list holds what was put in and nothing else`(listed: [Int64]) async throws {
        let database = try await PostgreSQLPlace.fresh().open()
        let found = try await database.store.driver.read { [dialect] session throws(ChatError) in
            var found: Set<Int64> = []
            for number in [1, 5, 7, 9, 15, .max, .min] as [Int64] {
                let sql = "SELECT 1 WHERE \(dialect.isListed("CAST($1 AS BIGINT)", "$2"))"
                if try !session.query(sql, [.integer(number), dialect.list(listed)]).isEmpty { found.insert(number) }
            }
            return found
        }
        #expect(found == Set(listed))
        await database.close()
    }

    @Test func `a filter has the bits of what was added and not those of something else`() async throws {
        let database = try await PostgreSQLPlace.fresh().open()
        var filter = GramFilter(bytesOfText: 100)
        filter.add(FoldedText("Hello, world"))
        for (text, expected) in [("hello", 1), ("o, w", 1), ("xyzzy", 0), ("hello!", 0)] as [(String, Int64)] {
            let bits = GramFilter.bits(of: FoldedText(text))
            let found = try await database.store.driver.read { [dialect, filter] session throws(ChatError) in
                try session.query(
                    "SELECT CAST(\(dialect.hasBits("CAST($1 AS BYTEA)", "$2")) AS INTEGER)",
                    [.bytes(filter.bytes), dialect.bits(bits)]
                ).first?.integer(0)
            }
            #expect(found == expected, "\(text)")
        }
        await database.close()
    }

    @Test func `two processes that migrate one new schema at once agree on its epoch`() async throws {
        let place = try await PostgreSQLPlace.fresh()
        let epochs = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let database = try await place.open()
                    let epoch = try await database.store.epoch()
                    await database.close()
                    return epoch
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(epochs.count == 1)
    }
}
