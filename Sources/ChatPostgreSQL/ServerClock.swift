import ChatCore
import Synchronization

/// This machine's clock corrected to that of the database server, so that all nodes of an installation agree.
final class ServerClock: Sendable {
    /// Differences of up to so many milliseconds may be network delay and are ignored; time should not jump needlessly.
    private static let tolerance: Int64 = 20

    /// The server's time in milliseconds, as an SQL expression.
    static let now = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"

    private let local: WallClock
    /// Milliseconds to add to the local time.
    private let offset = Atomic<Int64>(0)

    init(_ local: WallClock) {
        self.local = local
    }

    var wall: WallClock {
        WallClock { self.local.now() + .milliseconds(self.offset.load(ordering: .relaxed)) }
    }

    /// Reads the server's clock. Blocks the thread.
    func set(by connection: PostgreSQLConnection) throws(ChatError) {
        let asked = local.now()
        let command = PostgreSQLCommand("SELECT \(Self.now)")
        guard let time = try connection.exchange([command]).first?.rows.first?.integer(0) else { return }
        set(to: Timestamp(milliseconds: time), asked: asked, answered: local.now())
    }

    /// Takes over the server's `time`, which it told between two moments of the local clock.
    func set(to time: Timestamp, asked: Timestamp, answered: Timestamp) {
        let measured = time.milliseconds - (asked.milliseconds + answered.milliseconds) / 2
        let present = offset.load(ordering: .relaxed)
        if abs(measured - present) > Self.tolerance { offset.store(measured, ordering: .relaxed) }
    }
}
