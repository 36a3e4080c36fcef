import ChatCore
import ChatSQL
import ChatTestKit
import Testing

@testable import ChatSQLite

@Suite struct SQLiteSessionTests {
    private static let insert = "INSERT INTO things (name) VALUES ($1)"

    @Test func `a statement that runs for several arguments returns all rows in their order`() async throws {
        try await withThings { driver in
            let names = try await driver.write { session throws(ChatError) in
                try session.queryEach("SELECT $1 UNION ALL SELECT $1 || '!'", [[.text("a")], [.text("b")]])
                    .map { row throws(ChatError) in try row.text(0) }
            }
            #expect(names == ["a", "a!", "b", "b!"])
        }
    }

    @Test func `inserts return the id of each new row`() async throws {
        try await withThings { driver in
            let ids = try await driver.write { session throws(ChatError) in
                try session.insertEach(Self.insert, [[.text("a")], [.text("b")], [.text("c")]])
            }
            #expect(ids == [1, 2, 3])
            let stored = try await driver.read { session throws(ChatError) in
                try session.query("SELECT name FROM things ORDER BY id", [])
                    .map { row throws(ChatError) in try row.text(0) }
            }
            #expect(stored == ["a", "b", "c"])
        }
    }

    @Test func `no arguments are no work`() async throws {
        try await withThings { driver in
            let (rows, ids) = try await driver.write { session throws(ChatError) in
                (try session.queryEach("SELECT nonsense", []), try session.insertEach(Self.insert, []))
            }
            #expect(rows.isEmpty && ids.isEmpty)
        }
    }

    @Test func `a statement says how many rows it changed`() async throws {
        try await withThings { driver in
            let changed = try await driver.write { session throws(ChatError) in
                _ = try session.insertEach(Self.insert, [[.text("a")], [.text("b")]])
                return [
                    try session.execute("UPDATE things SET name = name || '!'", []),
                    try session.execute("DELETE FROM things WHERE name = $1", [.text("a!")]),
                    try session.execute("DELETE FROM things WHERE name = $1", [.text("a!")]),
                ]
            }
            #expect(changed == [2, 1, 0])
        }
    }

    /// A cached statement keeps its bindings; with fewer arguments the rest must be NULL and not what was there before.
    @Test func `arguments of an earlier run are forgotten`() async throws {
        try await withThings { driver in
            let isNull = try await driver.read { session throws(ChatError) in
                _ = try session.query("SELECT $1, $2", [.text("a"), .text("b")])
                return try session.query("SELECT $1, $2", [.text("a")]).first?.isNull(1)
            }
            #expect(isNull == true)
        }
    }

    @Test func `a statement that fails in the middle of a batch undoes all of it, and works again`() async throws {
        try await withThings { driver in
            await expect(.alreadyExists) {
                try await driver.write { session throws(ChatError) in
                    _ = try session.insertEach(Self.insert, [[.text("a")], [.text("b")], [.text("a")]])
                }
            }
            let ids = try await driver.write { session throws(ChatError) in
                try session.insertEach(Self.insert, [[.text("a")], [.text("b")]])
            }
            #expect(ids.count == 2)
        }
    }

    @Test func `a script runs all its statements`() async throws {
        try await withThings { driver in
            try await driver.write { session throws(ChatError) in
                try session.executeScript("CREATE TABLE one (id INTEGER); CREATE TABLE two (id INTEGER);")
            }
            let count = try await driver.read { session throws(ChatError) in
                try session.query("SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('one', 'two')", [])
                    .first?.integer(0)
            }
            #expect(count == 2)
        }
    }

    private func withThings(_ body: (SQLiteDriver) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        try SQLiteFile.create(folder.file)
        let driver = try await SQLiteDriver.open(folder.file)
        try await driver.write { session throws(ChatError) in
            try session.executeScript("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)")
        }
        try await body(driver)
        await driver.close()
    }
}
