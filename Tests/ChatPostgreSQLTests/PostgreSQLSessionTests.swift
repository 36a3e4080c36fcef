import ChatCore
import ChatTestKit
import Dispatch
import Testing

@testable import ChatPostgreSQL
@testable import ChatSQL

@Suite struct PostgreSQLSessionTests {
    private static let insert = "INSERT INTO things (name) VALUES ($1)"

    @Test func `a statement that runs for several arguments returns all rows in their order`() async throws {
        try await withThings { driver in
            let names = try await driver.write { session throws(ChatError) in
                try session.queryEach("SELECT CAST($1 AS TEXT) UNION ALL SELECT '!'", [[.text("a")], [.text("b")]])
                    .map { row throws(ChatError) in try row.text(0) }
            }
            #expect(names == ["a", "!", "b", "!"])
        }
    }

    @Test func `inserts return the id of each new row`() async throws {
        try await withThings { driver in
            let ids = try await driver.write { session throws(ChatError) in
                try session.insertEach(Self.insert, [[.text("a")], [.text("b")], [.text("c")]])
            }
            #expect(ids == [1, 2, 3])
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

    @Test func `a statement that fails in the middle of a batch undoes all of it, and works again`() async throws {
        try await withThings { driver in
            await expect(.alreadyExists) {
                try await driver.write { session throws(ChatError) in
                    _ = try session.insertEach(Self.insert, [[.text("a")], [.text("b")], [.text("a")]])
                }
            }
            let count = try await driver.write { session throws(ChatError) in
                try session.insertEach(Self.insert, [[.text("a")], [.text("b")]]).count
            }
            #expect(count == 2)
        }
    }

    /// On SQLite the transaction would go on; the store must not get used to that.
    @Test func `a transaction that goes on after a failed statement is not committed`() async throws {
        try await withThings { driver in
            await expect(.fault, saying: "commit after a failed statement") {
                try await driver.write { session throws(ChatError) in
                    _ = try session.insertEach(Self.insert, [[.text("kept?")]])
                    _ = try? session.query("SELECT nonsense", [])
                }
            }
            let stored = try await count(driver)
            #expect(stored == 0)
        }
    }

    @Test func `a transaction that reads keeps to one snapshot and cannot write`() async throws {
        try await withThings { driver in
            let (hasRead, isChanged) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let counts = Task {
                try await driver.read { session throws(ChatError) in
                    let before = try session.query("SELECT COUNT(*) FROM things", []).first?.integer(0)
                    hasRead.signal()
                    isChanged.wait()
                    return [before, try session.query("SELECT COUNT(*) FROM things", []).first?.integer(0)]
                }
            }
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    hasRead.wait()
                    continuation.resume()
                }
            }
            try await driver.write { session throws(ChatError) in
                _ = try session.insertEach(Self.insert, [[.text("a")]])
            }
            isChanged.signal()
            #expect(try await counts.value == [0, 0])
            await expect(.unavailable, saying: "read-only") {
                try await driver.read { session throws(ChatError) in
                    _ = try session.insertEach(Self.insert, [[.text("b")]])
                }
            }
            #expect(try await count(driver) == 1)
        }
    }

    @Test func `a script runs all its statements, and fails as a whole`() async throws {
        try await withThings { driver in
            try await driver.write { session throws(ChatError) in
                try session.executeScript(
                    "INSERT INTO things (name) VALUES ('a'); INSERT INTO things (name) VALUES ('b')")
            }
            #expect(try await count(driver) == 2)
            await expect(.fault) {
                try await driver.write { session throws(ChatError) in
                    try session.executeScript("DELETE FROM things; CREATE NONSENSE")
                }
            }
            #expect(try await count(driver) == 2)
        }
    }

    /// The server then refuses the prepared statement ("cached plan must not change result type").
    @Test func `a statement is prepared anew when a migration has changed its columns`() async throws {
        try await withThings { driver in
            for _ in 1...10 {
                try await driver.write { session throws(ChatError) in _ = try session.query("SELECT * FROM things", [])
                }
            }
            try await driver.write { session throws(ChatError) in
                try session.executeScript("ALTER TABLE things ADD COLUMN size BIGINT NOT NULL DEFAULT 7")
                _ = try session.execute("INSERT INTO things (name) VALUES ('a')", [])
            }
            for _ in 1...10 {
                let row = try await driver.write { session throws(ChatError) in
                    try session.query("SELECT * FROM things", []).first
                }
                #expect(try row?.integer(2) == 7)
            }
        }
    }

    @Test func `more statements than a socket takes in one piece come through`() async throws {
        try await withThings { driver in
            let text = String(repeating: "x", count: 10_000)
            let ids = try await driver.write { session throws(ChatError) in
                try session.insertEach(Self.insert, (0..<2_000).map { [.text("\($0) \(text)")] })
            }
            #expect(ids == Array(1...2_000))
            let lengths = try await driver.read { session throws(ChatError) in
                try session.query("SELECT name FROM things ORDER BY id", [])
                    .map { row throws(ChatError) in try row.text(0).utf8.count }
            }
            #expect(lengths.allSatisfy { $0 > 10_000 } && lengths.count == 2_000)
        }
    }

    private func count(_ driver: any SQLDriver) async throws -> Int64? {
        try await driver.read { session throws(ChatError) in
            try session.query("SELECT COUNT(*) FROM things", []).first?.integer(0)
        }
    }

    private func withThings(_ body: (any SQLDriver) async throws -> Void) async throws {
        let database = try await PostgreSQLPlace.fresh().open(.inspecting)
        let driver = database.store.driver
        try await driver.write { session throws(ChatError) in
            try session.executeScript(
                "CREATE TABLE things (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name TEXT NOT NULL)")
            try session.executeScript("CREATE UNIQUE INDEX things_name ON things (md5(name))")
        }
        try await body(driver)
        await database.close()
    }
}
