import ChatCore
import FoundationEssentials
import Synchronization

// Carries events between processes through the file they share. `PRAGMA data_version` on the writing connection
// changes when another process has committed and not when this one has; a look costs some microseconds, so it is
// taken 40 times a second. On a change the new rows of the log and of `signals` are read. Refused: inotify on the
// write-ahead log, which rings before the commit is visible and for our own writes too.

/// The bus of processes that share a SQLite file.
package final class SQLiteBus: Bus {
    /// Names this process in `signals`, so that it does not hear itself.
    private let origin = RandomText.hex(bytes: 8)
    private let driver: SQLiteDriver
    private let clock: WallClock
    private let listener = Mutex<Task<Void, Never>?>(nil)

    package init(driver: SQLiteDriver, clock: WallClock) {
        self.driver = driver
        self.clock = clock
    }

    package func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {
        await stop()
        // In this order: what is committed between the two looks is seen as a change, and read.
        let version = try await driver.dataVersion()
        let ends = try await driver.read { session throws(ChatError) in try Self.ends(session) }
        driver.position.withLock { $0.move(to: ends.message) }
        var listening = Listening(driver: driver, origin: origin, version: version, lastSignal: ends.signal)
        let task = Task {
            while !Task.isCancelled, listening.driver.isOpen {
                try? await Task.sleep(for: Limits.signalPoll)
                let events = await listening.look()
                if !events.isEmpty, !Task.isCancelled { receive(events) }
            }
        }
        listener.withLock { $0 = task }
    }

    /// Does nothing: the rows of the log are the signal.
    package func publish(_ batch: MessageBatch) async throws(ChatError) {}

    package func publish(_ events: [Event]) async throws(ChatError) {
        guard !events.isEmpty else { return }
        let payload = try SignalCoder.encode(events)
        let moment = clock.now()
        try await driver.write { [origin] session throws(ChatError) in
            try session.execute(
                "INSERT INTO signals (at, origin, payload) VALUES ($1, $2, $3)",
                [.time(moment), .text(origin), .text(payload)])
            try session.execute("DELETE FROM signals WHERE at < $1", [.time(moment - Limits.signalAge)])
        }
    }

    package func stop() async {
        let task = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        task?.cancel()
        await task?.value
    }

    /// The greatest ids of the log and of the signals that were ever given.
    private static func ends(_ session: any SQLSession) throws(ChatError) -> (message: Int64, signal: Int64) {
        let rows = try session.query("SELECT (SELECT MAX(id) FROM messages), \(Listening.lastSignalID)", [])
        return (try rows.first?.optionalInteger(0) ?? 0, try rows.first?.optionalInteger(1) ?? 0)
    }
}

/// What a listener knows between two looks at the file.
struct Listening: Sendable {
    /// Also right when all signals were trimmed away.
    static let lastSignalID = "(SELECT seq FROM sqlite_sequence WHERE name = 'signals')"

    let driver: SQLiteDriver
    let origin: String
    var version: Int64
    var lastSignal: Int64
    var hasFailed = false

    /// What the looks at the log and at the signals found.
    private struct Findings: Sendable {
        var events: [BusEvent] = []
        var lastMessage: Int64?
        var lastSignal: Int64
    }

    init(driver: SQLiteDriver, origin: String, version: Int64, lastSignal: Int64) {
        self.driver = driver
        self.origin = origin
        self.version = version
        self.lastSignal = lastSignal
    }

    /// What others have committed since the last look; after a failure a gap, as soon as reading works again.
    mutating func look() async -> [BusEvent] {
        do throws(ChatError) {
            let present = try await driver.dataVersion()
            guard present != version || hasFailed else { return [] }
            let known = driver.position.withLock { $0.last }
            let findings = try await driver.read { [origin, lastSignal] session throws(ChatError) in
                var findings = Findings(lastSignal: lastSignal)
                try Self.readLog(after: known, into: &findings, session)
                try Self.readSignals(after: lastSignal, besides: origin, into: &findings, session)
                return findings
            }
            if let last = findings.lastMessage { driver.position.withLock { $0.move(to: last) } }
            defer { (version, lastSignal, hasFailed) = (present, findings.lastSignal, false) }
            return hasFailed ? [.gap] + findings.events : findings.events
        } catch {
            hasFailed = true
            return []
        }
    }

    /// `NOT INDEXED` still lets SQLite go by id; without it, it walks an index of the whole log to group by room.
    static let newMessages = """
        SELECT room_id, MAX(seq), MAX(id) FROM messages NOT INDEXED WHERE id > $1 GROUP BY room_id
        """

    private static func readLog(
        after id: Int64, into findings: inout Findings, _ session: any SQLSession
    ) throws(ChatError) {
        for row in try session.query(newMessages, [.integer(id)]) {
            findings.events.append(.grown(RoomID(try row.integer(0)), seq: try row.integer(1)))
            findings.lastMessage = max(findings.lastMessage ?? 0, try row.integer(2))
        }
    }

    private static func readSignals(
        after id: Int64, besides origin: String, into findings: inout Findings, _ session: any SQLSession
    ) throws(ChatError) {
        let ends = try session.query("SELECT \(lastSignalID), (SELECT MIN(id) FROM signals)", []).first
        guard let last = try ends?.optionalInteger(0), last > id else { return }
        findings.lastSignal = last
        // Trimmed before they were read: this process has slept for longer than signals are kept.
        if try ends?.optionalInteger(1) ?? last + 1 > id + 1 { findings.events.append(.gap) }
        let rows = try session.query(
            "SELECT payload FROM signals WHERE id > $1 AND origin <> $2 ORDER BY id", [.integer(id), .text(origin)])
        for row in rows {
            findings.events += SignalCoder.decode(try row.text(0)).map { $0.map { .event($0) } } ?? [.gap]
        }
    }
}

/// The text of events between processes.
enum SignalCoder {
    static func encode(_ events: [Event]) throws(ChatError) -> String {
        do {
            return String(decoding: try JSONEncoder().encode(events), as: UTF8.self)
        } catch {
            throw .wrapping(error)
        }
    }

    /// Nil for events of another version of this program.
    static func decode(_ text: String) -> [Event]? {
        try? JSONDecoder().decode([Event].self, from: Data(text.utf8))
    }
}
