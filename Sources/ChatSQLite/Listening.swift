import ChatCore
import ChatSQL

/// The state of a listener between two polls of the file.
struct Listening: Sendable {
    /// The last id that was given to a signal, even if all signals have been deleted.
    private static let lastSignalID = "(SELECT seq FROM sqlite_sequence WHERE name = 'signals')"

    let driver: SQLiteDriver
    private var version: Int64
    private var lastSignal: Int64
    private var hasFailed = false

    /// What was new in the log and among the signals.
    private struct Findings: Sendable {
        var events: [BusEvent] = []
        var lastMessage: Int64?
        var lastSignal: Int64
    }

    /// Starts at the present end of the log and of the signals. Blocks the thread.
    init(to driver: SQLiteDriver) throws(ChatError) {
        // In this order: what is committed between the two reads changes the version, and is read by the first poll.
        version = try driver.blockingWriter { session throws(ChatError) in try Self.version(session) }
        let ends = try driver.blockingRead { session throws(ChatError) in try Self.ends(session) }
        driver.position.withLock { $0.move(to: ends.message) }
        lastSignal = ends.signal
        self.driver = driver
    }

    /// What others have committed since the last poll, preceded by a gap when the last poll failed. Blocks the thread.
    mutating func poll() -> [BusEvent] {
        do throws(ChatError) {
            let present = try driver.blockingWriter { session throws(ChatError) in try Self.version(session) }
            guard present != version || hasFailed else { return [] }
            let known = driver.position.withLock { $0.last }
            let findings = try driver.blockingRead { [driver, lastSignal] session throws(ChatError) in
                var findings = Findings(lastSignal: lastSignal)
                try Self.readLog(after: known, into: &findings, session)
                try Self.readSignals(after: lastSignal, besides: driver.origin, into: &findings, session)
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

    /// A number that changes when another connection commits.
    static func version(_ session: any SQLSession) throws(ChatError) -> Int64 {
        try session.query("PRAGMA data_version", []).first?.integer(0) ?? 0
    }

    /// The greatest ids in the log and ever among the signals.
    private static func ends(_ session: any SQLSession) throws(ChatError) -> (message: Int64, signal: Int64) {
        let rows = try session.query("SELECT (SELECT MAX(id) FROM messages), \(lastSignalID)", [])
        return (try rows.first?.optionalInteger(0) ?? 0, try rows.first?.optionalInteger(1) ?? 0)
    }

    /// `NOT INDEXED` still allows a search by id; without it, SQLite scans an index of the whole log to group by room.
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
        // Deleted before they were read: this process was stopped for longer than signals are kept.
        if try ends?.optionalInteger(1) ?? last + 1 > id + 1 { findings.events.append(.gap) }
        let rows = try session.query(
            "SELECT payload FROM signals WHERE id > $1 AND origin <> $2 ORDER BY id", [.integer(id), .text(origin)])
        for row in rows {
            findings.events += SignalCoder.decode(try row.text(0)).map { $0.map { .event($0) } } ?? [.gap]
        }
    }
}
