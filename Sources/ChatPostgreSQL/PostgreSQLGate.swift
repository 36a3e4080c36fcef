import ChatCore
import Synchronization

/// Opens connections for the lanes, one at a time while the server is out.
final class PostgreSQLGate: Sendable {
    private let connect: @Sendable () throws(ChatError) -> PostgreSQLConnection
    private let outage = Mutex(PostgreSQLOutage())

    init(_ connect: @escaping @Sendable () throws(ChatError) -> PostgreSQLConnection) {
        self.connect = connect
    }

    /// A new connection. Blocks the thread.
    ///
    /// - Throws: what the attempt throws; at once what the last one threw while it is too early for another.
    func pass() throws(ChatError) -> PostgreSQLConnection {
        if let refusal = outage.withLock({ $0.admit(at: .now) }) { throw refusal }
        do throws(ChatError) {
            let connection = try connect()
            outage.withLock { $0.ended() }
            return connection
        } catch {
            outage.withLock { $0.failed(error, at: .now) }
            throw error
        }
    }
}
