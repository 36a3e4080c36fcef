import ChatCore
import ChatTestKit
import Testing

@testable import ChatPostgreSQL
@testable import ChatSQL

/// The rows by which the outcome of a commit in doubt is found out.
@Suite struct CommitMarkTests {
    private static func run(_ command: PostgreSQLCommand, _ driver: any SQLDriver) async throws {
        let (sql, arguments) = (command.sql, command.argumentSets)
        try await driver.write { session throws(ChatError) in try session.queryEach(sql, arguments) }
    }

    private static func lastNumber(_ connection: String, _ driver: any SQLDriver) async throws -> Int64? {
        try await driver.write { session throws(ChatError) in
            try CommitMark(connection: connection, number: 0).lastNumber(session)
        }
    }

    @Test func `the last transaction that was committed is found by its connection`() async throws {
        let database = try await PostgreSQLPlace.fresh().open()
        let driver = database.store.driver
        for number in 1...3 as ClosedRange<Int64> {
            try await Self.run(CommitMark(connection: "a", number: number).writing, driver)
        }
        try await Self.run(CommitMark(connection: "b", number: 9).writing, driver)
        #expect(try await Self.lastNumber("a", driver) == 3)
        #expect(try await Self.lastNumber("b", driver) == 9)
        #expect(try await Self.lastNumber("unknown", driver) == 0)
        await database.close()
    }

    @Test func `a transaction that is rolled back leaves the number of the one before`() async throws {
        let database = try await PostgreSQLPlace.fresh().open()
        let driver = database.store.driver
        try await Self.run(CommitMark(connection: "a", number: 1).writing, driver)
        await expect(.usage) {
            try await driver.write { session throws(ChatError) in
                let mark = CommitMark(connection: "a", number: 2).writing
                try session.queryEach(mark.sql, mark.argumentSets)
                throw ChatError(.usage, "on purpose")
            }
        }
        #expect(try await Self.lastNumber("a", driver) == 1)
        await database.close()
    }

    @Test func `only rows of connections that ended a day ago are swept`() async throws {
        let database = try await PostgreSQLPlace.fresh().open()
        let driver = database.store.driver
        for (connection, hours) in [("old", 25), ("young", 23)] {
            try await Self.run(CommitMark(connection: connection, number: 5).writing, driver)
            try await driver.write { session throws(ChatError) in
                try session.execute(
                    "UPDATE commits SET at = at - \(hours * 3_600_000) WHERE connection = $1", [.text(connection)])
            }
        }
        try await Self.run(CommitMark.sweeping, driver)
        #expect(try await Self.lastNumber("old", driver) == 0)
        #expect(try await Self.lastNumber("young", driver) == 5)
        await database.close()
    }

    @Test func `each transaction that writes leaves a mark, and one that reads leaves none`() async throws {
        let database = try await PostgreSQLPlace.fresh().open()
        let driver = database.store.driver
        func marks() async throws -> [Int64] {
            try await driver.read { session throws(ChatError) in
                try session.query("SELECT number FROM commits", []).map { row throws(ChatError) in try row.integer(0) }
            }
        }
        let before = try await marks().reduce(0, +)
        #expect(try await marks().reduce(0, +) == before)
        for _ in 1...3 {
            try await driver.write { session throws(ChatError) in
                try session.execute("UPDATE rooms SET topic = 'x'", [])
            }
        }
        #expect(try await marks().reduce(0, +) == before + 3)
        await database.close()
    }
}
