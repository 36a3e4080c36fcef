import ChatCore
import ChatSQL
import ChatTestKit
import Testing

@testable import ChatSQLite

/// One poll after the other, without a thread and without waiting.
@Suite struct ListeningTests {
    private static let event = Event.disabled(UserID(1))

    @Test func `what was there at the start is not reported`() async throws {
        try await withTwoProcesses { one, two, folder in
            try await SQLiteBus(driver: two, clock: folder.clock.wall).publish([Self.event])
            _ = try await post(1, on: two, folder)
            var listening = try Listening(to: one)
            #expect(listening.poll() == [])
        }
    }

    @Test func `a poll brings each thing once, and nothing while nothing is committed`() async throws {
        try await withTwoProcesses { one, two, folder in
            var listening = try Listening(to: one)
            let room = try await post(3, on: two, folder)
            #expect(listening.poll() == [.grown(room, seq: 3)])
            #expect(listening.poll() == [])
            try await SQLiteBus(driver: two, clock: folder.clock.wall).publish([Self.event, .roomDeleted(Self.red)])
            #expect(listening.poll() == [.event(Self.event), .event(.roomDeleted(Self.red))])
            #expect(listening.poll() == [])
        }
    }

    @Test func `own signals are skipped and own rows are not read`() async throws {
        try await withTwoProcesses { one, two, folder in
            var listening = try Listening(to: one)
            try await insertSignal("[]", by: one.origin, on: two)
            _ = try await post(2, on: one, folder)
            #expect(listening.poll() == [])
        }
    }

    @Test func `many commits between two polls are one report for each room`() async throws {
        try await withTwoProcesses { one, two, folder in
            var listening = try Listening(to: one)
            let rooms = [try await post(5, on: two, folder), try await post(2, on: two, folder)]
            let events = listening.poll()
            #expect(events.count == 2)
            #expect(events.contains(.grown(rooms[0], seq: 5)) && events.contains(.grown(rooms[1], seq: 2)))
        }
    }

    @Test func `after a failure the next poll that succeeds reports a gap and what it reads`() async throws {
        try await withTwoProcesses { one, two, folder in
            var listening = try Listening(to: one)
            try await run("ALTER TABLE signals RENAME TO hidden", on: two)
            #expect(listening.poll() == [] && listening.poll() == [])
            let room = try await post(1, on: two, folder)
            try await run("ALTER TABLE hidden RENAME TO signals", on: two)
            #expect(listening.poll() == [.gap, .grown(room, seq: 1)])
            #expect(listening.poll() == [])
        }
    }

    @Test func `signals that were deleted unread are a gap, and those behind them are read`() async throws {
        try await withTwoProcesses { one, two, _ in
            var listening = try Listening(to: one)
            for _ in 1...3 { try await insertSignal("[]", by: "x", on: two) }
            try await run("DELETE FROM signals WHERE id <= 2", on: two)
            try await insertSignal(try SignalCoder.encode([Self.event]), by: "x", on: two)
            #expect(listening.poll() == [.gap, .event(Self.event)])
            try await insertSignal("[]", by: "x", on: two)
            try await run("DELETE FROM signals", on: two)
            #expect(listening.poll() == [.gap])
        }
    }

    @Test func `a signal of another version is a gap in its place`() async throws {
        try await withTwoProcesses { one, two, _ in
            var listening = try Listening(to: one)
            let known = try SignalCoder.encode([Self.event])
            for payload in [known, #"[{"danced":{}}]"#, known] { try await insertSignal(payload, by: "x", on: two) }
            #expect(listening.poll() == [.event(Self.event), .gap, .event(Self.event)])
        }
    }

    private static let red = RoomReference(id: RoomID(9), name: RoomName(stored: "red"))

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

    /// Posts into a new room.
    private func post(_ count: Int, on driver: SQLiteDriver, _ folder: TemporaryFolder) async throws -> RoomID {
        let store = SQLStore(driver: driver)
        let maker = StoreContract(store: store, other: store, clock: folder.clock)
        let (user, room) = (try await maker.makeUser(), try await maker.makeRoom())
        for _ in 1...count { try await maker.post("m", by: user, in: room) }
        return room.id
    }

    private func insertSignal(_ payload: String, by origin: String, on driver: SQLiteDriver) async throws {
        try await driver.write { session throws(ChatError) in
            try session.execute(
                "INSERT INTO signals (at, origin, payload) VALUES (0, $1, $2)", [.text(origin), .text(payload)])
        }
    }

    private func run(_ sql: String, on driver: SQLiteDriver) async throws {
        try await driver.write { session throws(ChatError) in try session.executeScript(sql) }
    }
}
