import ChatCore
import ChatSQL
import ChatTestKit
import Testing

@testable import ChatSQLite

/// What the bus in a SQLite file does beyond the contract of buses.
@Suite struct SQLiteBusTests {
    @Test func `only commits of others change the data version`() async throws {
        try await withTwoProcesses { one, two, folder in
            let first = try await version(one)
            try await touch(one)
            #expect(try await version(one) == first)
            try await touch(two)
            #expect(try await version(one) != first)
        }
    }

    @Test func `a ring reads the end of the log and no more`() async throws {
        try await withTwoProcesses { one, _, _ in
            let plan = try await one.read { session throws(ChatError) in
                try session.query("EXPLAIN QUERY PLAN " + Listening.newMessages, [.integer(0)])
                    .map { row throws(ChatError) in try row.text(3) }
            }
            #expect(plan.first == "SEARCH messages USING INTEGER PRIMARY KEY (rowid>?)")
        }
    }

    @Test func `another process hears of a message within 100 ms`() async throws {
        try await withTwoProcesses { one, two, folder in
            let bus = SQLiteBus(driver: one, clock: folder.clock.wall)
            let ears = Ears()
            try await bus.start { ears.take($0) }
            let maker = contract(two, folder)
            let (user, room) = (try await maker.makeUser(), try await maker.makeRoom())
            var waits: [Duration] = []
            for number in 1...20 {
                try await maker.post("m", by: user, in: room)
                let start = ContinuousClock.now
                #expect(await ears.wait { $0.contains(.grown(room.id, seq: Int64(number))) })
                waits.append(ContinuousClock.now - start)
            }
            // The middle one: beside a few hundred other tests a single wait says nothing.
            #expect(waits.sorted()[10] < .milliseconds(100))
            await bus.stop()
        }
    }

    @Test func `a process that writes much does not read its own messages when another rings`() async throws {
        try await withTwoProcesses { one, two, folder in
            let bus = SQLiteBus(driver: one, clock: folder.clock.wall)
            let ears = Ears()
            try await bus.start { ears.take($0) }
            let (here, there) = (contract(one, folder), contract(two, folder))
            let user = try await here.makeUser()
            let (own, others) = (try await here.makeRoom(), try await here.makeRoom())
            for round in 1...5 {
                for _ in 1...20 { try await here.post("mine", by: user, in: own) }
                try await there.post("theirs", by: user, in: others)
                #expect(await ears.wait { $0.contains(.grown(others.id, seq: Int64(round))) })
            }
            let last = try await there.post("theirs", by: user, in: others)
            #expect(await ears.wait { $0.contains(.grown(others.id, seq: last.seq)) })
            #expect(one.position.withLock { $0.last } == last.id)
            #expect(!ears.events.contains(.grown(own.id, seq: 100)))
            await bus.stop()
        }
    }

    @Test func `a gap is told when reading works again`() async throws {
        try await withTwoProcesses { one, two, folder in
            let bus = SQLiteBus(driver: one, clock: folder.clock.wall)
            let ears = Ears()
            try await bus.start { ears.take($0) }
            try await run("ALTER TABLE signals RENAME TO hidden", on: two)
            try await Task.sleep(for: .milliseconds(150))
            #expect(ears.events.isEmpty)
            try await run("ALTER TABLE hidden RENAME TO signals", on: two)
            #expect(await ears.wait { $0 == [.gap] })
            await bus.stop()
        }
    }

    @Test func `signals that were trimmed unread are told as a gap`() async throws {
        try await withTwoProcesses { one, two, folder in
            let bus = SQLiteBus(driver: one, clock: folder.clock.wall)
            let ears = Ears()
            try await bus.start { ears.take($0) }
            try await two.write { session throws(ChatError) in
                for _ in 1...3 {
                    try session.execute("INSERT INTO signals (at, origin, payload) VALUES (0, 'x', '[]')", [])
                }
                try session.execute("DELETE FROM signals", [])
            }
            #expect(await ears.wait { $0.contains(.gap) })
            await bus.stop()
        }
    }

    @Test func `events of a later program are told as a gap`() async throws {
        try await withTwoProcesses { one, two, folder in
            let bus = SQLiteBus(driver: one, clock: folder.clock.wall)
            let ears = Ears()
            try await bus.start { ears.take($0) }
            try await run(
                #"INSERT INTO signals (at, origin, payload) VALUES (0, 'x', '[{"danced":{}}]')"#, on: two)
            #expect(await ears.wait { $0 == [.gap] })
            await bus.stop()
        }
    }

    @Test func `old signals are trimmed by whoever publishes`() async throws {
        try await withTwoProcesses { one, _, folder in
            let bus = SQLiteBus(driver: one, clock: folder.clock.wall)
            for _ in 1...5 { try await bus.publish([.disabled(UserID(1))]) }
            folder.clock.advance(by: Limits.signalAge + .seconds(1))
            try await bus.publish([.disabled(UserID(1))])
            let kept = try await one.read { session throws(ChatError) in
                try session.query("SELECT id FROM signals", []).count
            }
            #expect(kept == 1)
        }
    }

    @Test func `a bus on a closed database comes to rest`() async throws {
        let folder = try TemporaryFolder()
        let database = try await folder.open()
        try await database.bus.start { _ in }
        await database.close()
        await database.bus.stop()
        await expect(.unavailable) { try await database.bus.publish([.disabled(UserID(1))]) }
    }

    private func withTwoProcesses(
        _ body: (SQLiteDriver, SQLiteDriver, TemporaryFolder) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        await (try await folder.open()).close()
        let (one, two) = (try await SQLiteDriver.open(folder.file), try await SQLiteDriver.open(folder.file))
        try await body(one, two, folder)
        await one.close()
        await two.close()
    }

    private func contract(_ driver: SQLiteDriver, _ folder: TemporaryFolder) -> StoreContract {
        let store = SQLStore(driver: driver)
        return StoreContract(store: store, other: store, clock: folder.clock)
    }

    private func version(_ driver: SQLiteDriver) async throws -> Int64 {
        try await driver.write { session throws(ChatError) in try Listening.version(session) }
    }

    private func touch(_ driver: SQLiteDriver) async throws {
        try await run("UPDATE rooms SET topic = topic || 'x'", on: driver)
    }

    private func run(_ sql: String, on driver: SQLiteDriver) async throws {
        try await driver.write { session throws(ChatError) in try session.executeScript(sql) }
    }
}
