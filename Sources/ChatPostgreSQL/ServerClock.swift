import ChatCore
import Synchronization

/// This machine's clock set right by the database server's, so that all nodes of an installation agree.
final class ServerClock: Sendable {
    /// Differences up to here may come from the way to the server and are let be; time should not jump for nothing.
    private static let tolerance: Int64 = 20

    /// The server's time in milliseconds, in SQL.
    static let now = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"

    private let local: WallClock
    /// What has to be added to the local time, in milliseconds.
    private let offset = Atomic<Int64>(0)

    init(_ local: WallClock) {
        self.local = local
    }

    var wall: WallClock {
        WallClock { self.local.now() + .milliseconds(self.offset.load(ordering: .relaxed)) }
    }

    /// Asks the server for its time. Blocks its thread.
    func set(by connection: PostgreSQLConnection) throws(ChatError) {
        let asked = local.now()
        let command = PostgreSQLCommand("SELECT \(Self.now)")
        guard let time = try connection.exchange([command]).first?.rows.first?.integer(0) else { return }
        let middle = (asked.milliseconds + local.now().milliseconds) / 2
        let present = offset.load(ordering: .relaxed)
        if abs(time - middle - present) > Self.tolerance { offset.store(time - middle, ordering: .relaxed) }
    }
}
