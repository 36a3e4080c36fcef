import ChatCore
import Dispatch

/// A connection and the thread that uses it.
///
/// `@unchecked Sendable`: the connection is touched on `queue` only; the pool gives a lane one job at a time.
final class PostgreSQLLane: @unchecked Sendable {
    let queue: DispatchQueue
    private let gate: PostgreSQLGate
    private var connection: PostgreSQLConnection?

    init(_ number: Int, _ gate: PostgreSQLGate) {
        queue = DispatchQueue(label: "chatctl.postgres.\(number)")
        self.gate = gate
    }

    func perform<Value>(
        _ work: (PostgreSQLConnection) throws(ChatError) -> Value
    ) throws(ChatError) -> Value {
        var attempt = 1
        while true {
            let present: PostgreSQLConnection
            if let connection { present = connection } else { present = try gate.pass() }
            connection = present
            do throws(ChatError) {
                let value = try work(present)
                if present.isLost { connection = nil }
                return value
            } catch {
                if present.isLost { connection = nil }
                guard attempt < Limits.databaseTries, present.isLost || present.isConflict else { throw error }
                attempt += 1
            }
        }
    }

    func close() {
        queue.async { self.connection = nil }
    }
}
