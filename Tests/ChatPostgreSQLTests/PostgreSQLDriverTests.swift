import ChatCore
import ChatTestKit
import Dispatch
import Glibc
import Testing

@testable import ChatPostgreSQL
@testable import ChatSQL

@Suite struct PostgreSQLDriverTests {
    private static func query(_ database: ChatDatabase, _ sql: String, _ arguments: [SQLValue] = []) async throws
        -> SQLRows
    {
        try await database.store.driver.read { session throws(ChatError) in try session.query(sql, arguments) }
    }

    @Test func `values come back as they went in`() async throws {
        let database = try await PostgreSQLPlace.fresh().open()
        let row = try #require(
            try await Self.query(
                database, "SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS BYTEA), CAST($4 AS INT)",
                [.integer(-1 << 53), .text("ü' ; -- \u{1F980}"), .bytes([0, 255, 1]), .null]
            ).first)
        #expect(try row.integer(0) == -1 << 53)
        #expect(try row.text(1) == "ü' ; -- \u{1F980}")
        #expect(row.isNull(3))
        await database.close()
    }

    @Test func `a transaction that fails leaves nothing, and the connection goes on`() async throws {
        let database = try await PostgreSQLPlace.fresh().open()
        for _ in 0..<20 {
            await expect(.alreadyExists) {
                try await database.store.driver.write { session throws(ChatError) in
                    try session.execute("UPDATE rooms SET topic = 'half done'", [])
                    try session.execute(
                        "INSERT INTO rooms (name, kind, topic, created_at) VALUES ('general', 'public', '', 0)", [])
                }
            }
        }
        #expect(try await Self.query(database, "SELECT topic FROM rooms", []).first?.text(0) == "")
        await database.close()
    }

    @Test func `connections that the server ends are made anew without a fault`() async throws {
        let (place, clock) = (try await PostgreSQLPlace.fresh(), TestClock())
        // Other tests have connections to this server, which must live.
        let name = "victim-\(UInt64.random(in: 0...UInt64.max))"
        let named = PostgreSQLPlace(url: place.url + "&application_name=\(name)")
        let (database, killer) = (try await named.open(), try await place.open(.current))
        for _ in 0..<5 {
            let ended = try await Self.query(
                killer,
                """
                SELECT CAST(COUNT(pg_terminate_backend(pid)) AS BIGINT) FROM pg_stat_activity
                WHERE application_name = $1
                """, [.text(name)]
            ).first?.integer(0)
            #expect(ended ?? 0 > 0)
            #expect(try await !database.store.epoch().isEmpty)
            _ = try await StoreContract(store: database.store, other: killer.store, clock: clock).makeUser()
        }
        await database.close()
        await killer.close()
    }

    /// Both held the room's row, and many rooms of each crosswise: a deadlock, which the server ends after a second.
    @Test func `who comes into a room does not hold up what is posted to it`() async throws {
        let (place, clock) = (try await PostgreSQLPlace.fresh(), TestClock())
        let (database, other) = (try await place.open(), try await place.open(.current))
        let maker = StoreContract(store: database.store, other: other.store, clock: clock)
        let (user, room) = (try await maker.makeUser(), try await maker.makeRoom())
        let (node, _) = try await other.store.registerNode(
            named: "n", at: clock.now, leaseUntil: clock.now + .seconds(9))
        let posted = DispatchSemaphore(value: 0)
        let (coming, come) = AsyncStream.makeStream(of: Void.self)
        let wasPosted = Task {
            defer { come.finish() }
            return try await other.store.driver.write { session throws(ChatError) in
                try session.execute(
                    "INSERT INTO presence (room_id, user_id, node_id, connections, since) VALUES ($1, $2, $3, 1, 0)",
                    [.room(room.id), .user(user.id), .node(node)])
                come.yield()
                return posted.wait(timeout: .now() + 10) == .success
            }
        }
        for await _ in coming { break }
        try await maker.post("meanwhile", by: user, in: room)
        posted.signal()
        #expect(try await wasPosted.value)
        await database.close()
        await other.close()
    }

    /// As a node that is paused holds a room's lock.
    @Test func `a transaction whose client sleeps lets go of its locks`() async throws {
        let place = try await PostgreSQLPlace.fresh()
        let database = try await place.open()
        let address = try PostgreSQLAddress(place.url)
        try await Task.detached {
            let sleeper = try PostgreSQLConnection(address)
            _ = try sleeper.exchange([
                PostgreSQLCommand("BEGIN"), PostgreSQLCommand("SELECT id FROM rooms FOR NO KEY UPDATE"),
            ])
            let waker = try PostgreSQLConnection(address)
            _ = try waker.exchange([
                PostgreSQLCommand("SET lock_timeout = 0"), PostgreSQLCommand("UPDATE rooms SET topic = 'free'"),
            ])
            #expect(throws: ChatError.self) { try sleeper.exchange([PostgreSQLCommand("COMMIT")]) }
        }.value
        #expect(try await Self.query(database, "SELECT topic FROM rooms").first?.text(0) == "free")
        await database.close()
    }

    /// As another program, or an administrator's session, holds a room's lock.
    @Test func `a room that stays locked is said, and what was not stored is free to be sent again`() async throws {
        let place = try await PostgreSQLPlace.fresh()
        let database = try await place.open()
        let maker = StoreContract(store: database.store, other: database.store, clock: place.clock)
        let (user, room) = (try await maker.makeUser(), try await maker.makeRoom())
        let (other, released) = (try await place.open(.current), DispatchSemaphore(value: 0))
        let (holding, hold) = AsyncStream.makeStream(of: Void.self)
        let holder = Task {
            // A failure must end the wait below.
            defer { hold.finish() }
            return try await other.store.driver.write { session throws(ChatError) in
                try session.execute("SET LOCAL idle_in_transaction_session_timeout = 0", [])
                _ = try session.query("SELECT id FROM rooms FOR UPDATE", [])
                hold.yield()
                return released.wait(timeout: .now() + 30) == .success
            }
        }
        for await _ in holding { break }
        let error = await #expect(throws: ChatError.self) { try await maker.post("held", by: user, in: room) }
        #expect(error?.code == .unavailable && error?.message.contains("holds a lock") == true)
        released.signal()
        #expect(try await holder.value)
        #expect(try await maker.post("free", by: user, in: room).seq == 1)
        await database.close()
        await other.close()
    }

    @Test func `a batch takes another connection than one that hangs`() async throws {
        let place = try await PostgreSQLPlace.fresh()
        let database = try await place.open()
        let maker = StoreContract(store: database.store, other: database.store, clock: place.clock)
        let (user, room) = (try await maker.makeUser(), try await maker.makeRoom())
        // One transaction after the other uses the same connection.
        let hanging = pid_t(
            try await database.store.driver.write { session throws(ChatError) in
                try session.query("SELECT CAST(pg_backend_pid() AS BIGINT)", []).first?.integer(0) ?? 0
            })
        try #require(hanging > 0 && kill(hanging, SIGSTOP) == 0)
        defer { kill(hanging, SIGCONT) }
        try await maker.post("meanwhile", by: user, in: room)
        #expect(try await database.store.lastSeq(of: room.id) == 1)
        await database.close()
    }

    @Test func `a database that is not there is unavailable, and its password stays secret`() async throws {
        let url = "postgres://me:hunter2@127.0.0.1:1/chat"
        let error = await #expect(throws: ChatError.self) {
            _ = try await ChatDatabase.open(postgreSQL: url, clock: TestClock().wall)
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("127.0.0.1:1/chat") == true && error?.message.contains("hunter2") == false)
    }

    @Test func `what libpq cannot read is a fault of the configuration and is not repeated`() async throws {
        let error = await #expect(throws: ChatError.self) {
            _ = try await ChatDatabase.open(postgreSQL: "postgres://me:hun%ter2@[::1/chat", clock: TestClock().wall)
        }
        #expect(error?.code == .configuration && error?.message.contains("hun") == false)
    }

    @Test func `many transactions at once take turns`() async throws {
        let database = try await PostgreSQLPlace.fresh().open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    if number.isMultiple(of: 2) { _ = try await database.store.epoch() }
                    try await database.store.driver.write { session throws(ChatError) in
                        try session.execute("UPDATE rooms SET last_seq = last_seq + 1", [])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await Self.query(database, "SELECT last_seq FROM rooms").first?.integer(0) == 200)
        await database.close()
    }

    @Test func `nodes whose clocks are hours apart agree on whose lease lives`() async throws {
        let place = try await PostgreSQLPlace.fresh()
        let start = ContinuousClock.now
        let real = WallClock { Timestamp(milliseconds: 1_700_000_000_000) + (ContinuousClock.now - start) }
        func node(_ offset: Duration) async throws -> ChatDatabase {
            try await place.open(clock: WallClock { real.now() + offset })
        }
        let (early, late) = (try await node(.seconds(-7_200)), try await node(.seconds(7_200)))
        #expect(abs(early.clock.now().milliseconds - late.clock.now().milliseconds) < 5_000)
        let (first, _) = try await early.store.registerNode(
            named: "early", at: early.clock.now(), leaseUntil: early.clock.now() + .seconds(3_600))
        _ = try await late.store.registerNode(
            named: "late", at: late.clock.now(), leaseUntil: late.clock.now() + .seconds(3_600))
        #expect(try await late.store.sweepNodes(at: late.clock.now()).isEmpty)
        #expect(try await early.store.renewLease(of: first, until: early.clock.now() + .seconds(3_600)))
        await early.close()
        await late.close()
    }

    @Test func `the ends of many logs come in one answer`() async throws {
        let place = try await PostgreSQLPlace.fresh()
        let database = try await place.open()
        let maker = StoreContract(store: database.store, other: database.store, clock: place.clock)
        let (user, room) = (try await maker.makeUser(), try await maker.makeRoom())
        try await maker.post("one", by: user, in: room)
        let ends = try await database.store.lastSeqs(of: [room.id, RoomID(1), RoomID(99)])
        #expect(ends == [room.id: 1, RoomID(1): 0])
        await database.close()
    }
}
