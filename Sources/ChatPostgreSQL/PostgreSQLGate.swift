import ChatCore
import Synchronization

/// Opens connections for the lanes, one at a time while the server is out.
final class PostgreSQLGate: Sendable {
    private struct Outage {
        let error: ChatError
        var until: ContinuousClock.Instant
    }

    private let connect: @Sendable () throws(ChatError) -> PostgreSQLConnection
    private let outage = Mutex<Outage?>(nil)

    init(_ connect: @escaping @Sendable () throws(ChatError) -> PostgreSQLConnection) {
        self.connect = connect
    }

    /// A new connection. Blocks the thread.
    ///
    /// - Throws: what the attempt throws; at once what the last one threw while it is too early for another.
    func pass() throws(ChatError) -> PostgreSQLConnection {
        let refusal = outage.withLock { outage -> ChatError? in
            guard let present = outage else { return nil }
            if ContinuousClock.now < present.until { return present.error }
            outage?.until = .now + Limits.connect
            return nil
        }
        if let refusal { throw refusal }
        do throws(ChatError) {
            let connection = try connect()
            outage.withLock { $0 = nil }
            return connection
        } catch {
            outage.withLock { $0 = Outage(error: error, until: .now + Limits.databaseRetry) }
            throw error
        }
    }
}
