import ChatCore
import ChatTestKit
import Testing

@testable import ChatSQL
@testable import ChatSQLite

@Suite struct SQLDialectTests {
    private let dialect = SQLDialect.sqlite

    @Test func `the released migrations are unchanged`() {
        #expect(
            dialect.migrations.map(\.checksum) == [
                "8feffc85268a5bdd", "250556841de6e65a", "82c3590a1c9bb07d", "0852892999fbc16f",
                "8452fa900a2e78df", "6868e772e4ece1a1", "5eca3735a4fa18a7", "403958ea4d1ebae9",
                "346dc0136a23e303",
            ])
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

    @Test func `a filter has the bits of what was added and not those of something else`() async throws {
        let driver = try SQLiteDriver.inMemory(as: "test")
        var filter = GramFilter(bytesOfText: 100)
        filter.add(FoldedText("Hello, world"))
        for (text, expected) in [("hello", 1), ("o, w", 1), ("xyzzy", 0), ("hello!", 0)] as [(String, Int64)] {
            let bits = GramFilter.bits(of: FoldedText(text))
            let found = try await driver.read { [dialect, filter] session throws(ChatError) in
                try session.query(
                    "SELECT \(dialect.hasBits("$1", "$2"))", [.bytes(filter.bytes), dialect.bits(bits)]
                ).first?.integer(0)
            }
            #expect(found == expected, "\(text)")
        }
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
