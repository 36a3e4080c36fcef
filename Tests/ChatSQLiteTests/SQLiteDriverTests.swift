import ChatCore
import ChatSQL
import ChatTestKit
import Dispatch
import Testing

@testable import ChatSQLite

/// Durability, and what SQLite's result codes become.
@Suite struct SQLiteDriverTests {
    @Test func `the writer syncs every commit, keeps a write-ahead log and checks references`() async throws {
        let folder = try TemporaryFolder()
        await (try await folder.open()).close()
        let driver = try await SQLiteDriver.open(folder.file)
        let values = try await driver.write { session throws(ChatError) in
            let settings = ["synchronous", "foreign_keys", "journal_mode"]
            return try settings.map { setting throws(ChatError) in
                try session.query("PRAGMA \(setting)", []).first.map { row in row }
            }
        }
        #expect(try values[0]?.integer(0) == 2)
        #expect(try values[1]?.integer(0) == 1)
        #expect(try values[2]?.text(0) == "wal")
        await driver.close()
    }

    @Test func `a full disk is unavailable, stores nothing, and works again when there is room`() async throws {
        let (folder, database) = try await opened()
        let driver = try await SQLiteDriver.open(folder.file)
        let store = SQLStore(driver: driver)
        let drafts = try await drafts(on: store, folder, count: 200)
        let pages = try await driver.read { session throws(ChatError) in
            try session.query("PRAGMA page_count", []).first?.integer(0) ?? 0
        }
        try await limit(driver, pages: pages + 2)
        await expect(.unavailable, saying: "the disk is full") {
            _ = try await store.append(drafts, at: folder.clock.now)
        }
        #expect(try await store.lastSeq(of: drafts[0].room) == 0)
        try await limit(driver, pages: 1_000_000)
        #expect(try await store.append(drafts, at: folder.clock.now).settled().last?.get().message.seq == 200)
        await driver.close()
        await database.close()
    }

    @Test func `a database that cannot be written to is unavailable for writing and can be read`() async throws {
        let (folder, database) = try await opened()
        let driver = try await SQLiteDriver.open(folder.file)
        let store = SQLStore(driver: driver)
        let drafts = try await drafts(on: store, folder, count: 1)
        try await run("PRAGMA query_only = 1", on: driver)
        await expect(.unavailable, saying: "cannot be written to") {
            _ = try await store.append(drafts, at: folder.clock.now)
        }
        #expect(try await store.room(named: RoomName("general"), at: folder.clock.now) != nil)
        await driver.close()
        await database.close()
    }

    @Test func `a writer waits for another process that is writing`() async throws {
        let (folder, database) = try await opened()
        let driver = try await SQLiteDriver.open(folder.file)
        let holder = try await Holder(driver)
        let waiting = Task { try await self.changeGeneral(RoomChange(topic: "changed"), database.store, folder) }
        // Time to run into the lock; were it less, the write would only find it free.
        try await Task.sleep(for: .milliseconds(200))
        try await holder.release()
        try await waiting.value
        #expect(try await database.store.room(named: RoomName("general"), at: folder.clock.now)?.topic == "changed")
        await driver.close()
        await database.close()
    }

    @Test func `a writer does not wait for ever`() async throws {
        let (folder, database) = try await opened()
        let driver = try await SQLiteDriver.open(folder.file)
        let holder = try await Holder(driver)
        await expect(.unavailable, saying: "it is busy") {
            try await changeGeneral(RoomChange(topic: "changed"), database.store, folder)
        }
        try await holder.release()
        try await changeGeneral(RoomChange(topic: "later"), database.store, folder)
        await driver.close()
        await database.close()
    }

    /// A transaction that holds the lock of the file until it is released.
    private struct Holder {
        private let end = DispatchSemaphore(value: 0)
        private let transaction: Task<Void, any Error>

        /// Returns once the lock is held.
        init(_ driver: SQLiteDriver) async throws {
            let (held, continuation) = AsyncStream.makeStream(of: Void.self)
            transaction = Task { [end] in
                try await driver.write { session throws(ChatError) in
                    try session.execute("UPDATE rooms SET topic = topic", [])
                    continuation.yield()
                    end.wait()
                }
            }
            for await _ in held { break }
        }

        func release() async throws {
            end.signal()
            try await transaction.value
        }
    }

    @Test func `before serving the log has its full length, and the database is as it was`() async throws {
        let (folder, database) = try await opened()
        let driver = try await SQLiteDriver.open(folder.file)
        let state = { try await self.numbers("PRAGMA page_count", "SELECT COUNT(*) FROM sqlite_schema", on: driver) }
        let before = try await state()
        #expect(try #require(SQLiteFile.size(folder.file + "-wal")) < 1_000_000)
        await driver.prepareToServe()
        let length = try #require(SQLiteFile.size(folder.file + "-wal"))
        #expect(length > 16_000_000)
        await driver.prepareToServe()
        #expect(SQLiteFile.size(folder.file + "-wal") == length)
        #expect(try await state() == before)
        try await changeGeneral(RoomChange(topic: "changed"), database.store, folder)
        #expect(SQLiteFile.size(folder.file + "-wal") == length)
        await driver.close()
        await database.close()
    }

    @Test func `what a body throws undoes what it wrote`() async throws {
        let (folder, database) = try await opened()
        let driver = try await SQLiteDriver.open(folder.file)
        await expect(.usage) {
            try await driver.write { session throws(ChatError) in
                try session.execute("UPDATE rooms SET topic = 'lost'", [])
                throw ChatError(.usage, "on purpose")
            }
        }
        #expect(try await database.store.room(named: RoomName("general"), at: folder.clock.now)?.topic == "")
        await driver.close()
        await database.close()
    }

    @Test func `a broken constraint is told by its code, and its statement works again`() async throws {
        let (folder, database) = try await opened()
        let driver = try await SQLiteDriver.open(folder.file)
        let room = "INSERT INTO rooms (name, kind, created_at) VALUES ($1, 'public', 0)"
        let member = "INSERT INTO memberships (room_id, user_id, role, joined_at) VALUES (1, 77, 'member', 0)"
        await expect(.alreadyExists) { try await run(room, [.text("general")], on: driver) }
        await expect(.notFound) { try await run(member, on: driver) }
        try await run(room, [.text("other")], on: driver)
        #expect(try await database.store.room(named: RoomName("other"), at: folder.clock.now) != nil)
        await expect(.fault, saying: "SQLite error") { try await run("SELECT nonsense", on: driver) }
        await driver.close()
        await database.close()
    }

    @Test func `a closed database is unavailable`() async throws {
        let (_, database) = try await opened()
        await database.close()
        await expect(.unavailable, saying: "it was closed") { _ = try await database.store.users() }
        await expect(.unavailable, saying: "it was closed") { _ = try await database.migrator.status() }
    }

    @Test func `values of every kind come back as they went in`() async throws {
        let (folder, database) = try await opened()
        let driver = try await SQLiteDriver.open(folder.file)
        let values: [SQLValue] = [
            .null, .integer(-1 << 53), .integer(1 << 53), .text(""), .text("naïve 🎈"), .bytes([]), .bytes([0, 255]),
        ]
        let row = try await driver.read { session throws(ChatError) in
            try session.query("SELECT $1, $2, $3, $4, $5, $6, $7, $2", values).first
        }
        let answer = try #require(row)
        #expect(answer.isNull(0))
        #expect(try answer.integer(1) == -1 << 53)
        #expect(try answer.integer(7) == -1 << 53)
        #expect(try answer.text(4) == "naïve 🎈")
        #expect(throws: ChatError.self) { try answer.text(1) }
        await driver.close()
        await database.close()
    }

    @Test func `the place of reading never goes back and never beyond the log`() async throws {
        let (folder, database) = try await opened()
        let driver = try await SQLiteDriver.open(folder.file)
        let maker = StoreContract(store: database.store, other: database.store, clock: folder.clock)
        let user = try await maker.makeUser()
        let room = try await maker.makeRoom(members: [user])
        for _ in 1...3 { try await maker.post("x", by: user, in: room) }
        for (seq, expected) in [(2, 2), (1, 2), (3, 3), (99, 3)] as [(Int64, Int64)] {
            let mark = ReadMark(seat: Seat(room: room.id, user: user.id), seq: seq)
            try await database.store.markRead([mark])
            let kept = try await driver.read { session throws(ChatError) in
                try session.query("SELECT last_read_seq FROM memberships", []).first?.integer(0)
            }
            #expect(kept == expected)
        }
        await driver.close()
        await database.close()
    }

    private func opened() async throws -> (TemporaryFolder, ChatDatabase) {
        let folder = try TemporaryFolder()
        return (folder, try await folder.open())
    }

    private func run(_ sql: String, _ arguments: [SQLValue] = [], on driver: SQLiteDriver) async throws {
        try await driver.write { session throws(ChatError) in _ = try session.query(sql, arguments) }
    }

    private func numbers(_ queries: String..., on driver: SQLiteDriver) async throws -> [Int64?] {
        try await driver.read { session throws(ChatError) in
            try queries.map { query throws(ChatError) in try session.query(query, []).first?.integer(0) }
        }
    }

    private func limit(_ driver: SQLiteDriver, pages: Int64) async throws {
        try await run("PRAGMA max_page_count = \(pages)", on: driver)
    }

    private func changeGeneral(_ change: RoomChange, _ store: SQLStore, _ folder: TemporaryFolder) async throws {
        let act = Act("room.topic", by: .operator(as: nil), on: "general")
        _ = try await store.updateRoom(RoomID(1), change, at: folder.clock.now, act: act)
    }

    private func drafts(on store: SQLStore, _ folder: TemporaryFolder, count: Int) async throws -> [Draft] {
        let maker = StoreContract(store: store, other: store, clock: folder.clock)
        let (user, room) = (try await maker.makeUser(), try await maker.makeRoom())
        return try (0..<count).map { _ in try maker.draft(String(repeating: "x", count: 500), by: user, in: room) }
    }
}
