import ChatCore
import ChatTestKit
import Testing

@testable import ChatSQL
@testable import ChatSQLite

/// The rules that `SQLDriver.swift` sets for statements, held for all that the store runs under its contract.
@Suite struct StatementTests {
    @Test func `the store's statements keep the rules that make them portable`() async throws {
        let folder = try TemporaryFolder()
        await (try await folder.open()).close()
        let driver = RecordingDriver(try await SQLiteDriver.open(folder.file))
        let store = SQLStore(driver: driver)
        for check in StoreContract.checks {
            try await check.run(StoreContract(store: store, other: store, clock: folder.clock))
        }
        await driver.close()
        #expect(driver.statements.count > 50)
        for sql in driver.statements {
            // SQLite numbers placeholders by their first appearance, PostgreSQL by their names.
            let firsts = placeholders(in: sql)
            #expect(firsts == firsts.indices.map { Int64($0 + 1) }, "\(sql)")
            let words = Set(sql.uppercased().split { !$0.isLetter && $0 != "_" }.map(String.init))
            let foreign: Set = ["TRUE", "FALSE", "NOW", "ILIKE", "IFNULL", "DATETIME", "AUTOINCREMENT", "GLOB"]
            #expect(words.isDisjoint(with: foreign), "\(sql)")
        }
    }

    /// The numbers of the placeholders in the order in which they first appear.
    private func placeholders(in sql: String) -> [Int64] {
        var firsts: [Int64] = []
        for part in sql.split(separator: "$", omittingEmptySubsequences: false).dropFirst() {
            guard let number = Int64(part.prefix { $0.isNumber }), !firsts.contains(number) else { continue }
            firsts.append(number)
        }
        return firsts
    }
}
