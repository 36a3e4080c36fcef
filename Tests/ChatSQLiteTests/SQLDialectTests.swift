import ChatCore
import ChatTestKit
import Testing

@testable import ChatSQL
@testable import ChatSQLite

@Suite struct SQLDialectTests {
    private let dialect = SQLDialect.sqlite

    @Test func `the released migrations are unchanged`() {
        #expect(dialect.migrations.map(\.checksum) == ["8feffc85268a5bdd", "250556841de6e65a"])
    }

    @Test func `versions rise by one, and no script is empty`() {
        #expect(dialect.migrations.map(\.version) == Array(1...dialect.migrations.count))
        #expect(dialect.migrations.allSatisfy { !$0.script.isEmpty && !$0.name.isEmpty })
    }

    @Test(arguments: [[], [7], [1, 5, 9], [.max, .min]] as [[Int64]])
    func `a list holds what was put in and nothing else`(listed: [Int64]) async throws {
        let driver = try SQLiteDriver.inMemory(as: "test")
        let found = try await driver.read { [dialect] session throws(ChatError) in
            var found: Set<Int64> = []
            for number in [1, 5, 7, 9, 15, .max, .min] as [Int64] {
                let sql = "SELECT 1 WHERE \(dialect.isListed("$1", "$2"))"
                if try !session.query(sql, [.integer(number), dialect.list(listed)]).isEmpty { found.insert(number) }
            }
            return found
        }
        #expect(found == Set(listed))
        await driver.close()
    }

    @Test func `text is lowered in all scripts`() async throws {
        let driver = try SQLiteDriver.inMemory(as: "test")
        let lowered = try await driver.read { [dialect] session throws(ChatError) in
            try session.query("SELECT \(dialect.lowered("$1"))", [.text("ÄÖ Straße ЖΩ X1")]).first?.text(0)
        }
        #expect(lowered == "äö straße жω x1")
        await driver.close()
    }

    @Test func `the table of migrations is counted before and after it is made`() async throws {
        let driver = try SQLiteDriver.inMemory(as: "test")
        for expected in [0, 1] as [Int64] {
            let count = try await driver.write { [dialect] session throws(ChatError) in
                let count = try session.query(dialect.schemaTableCount, []).first?.integer(0)
                if expected == 0 { try session.executeScript(dialect.migrations[0].script) }
                return count
            }
            #expect(count == expected)
        }
        await driver.close()
    }
}
