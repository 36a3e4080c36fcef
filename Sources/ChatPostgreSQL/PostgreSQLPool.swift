import ChatCore
import Dispatch
import Synchronization

// Connections are lanes, each with a thread of its own that may block. A transaction takes an idle lane or waits for
// one; readers may not take the last ones, so a flood of history pages never holds up the journal. While the server is
// out, one attempt to connect is made at a time and everyone else is told at once.

/// A bounded number of connections, made when they are needed and made anew when they were lost.
final class PostgreSQLPool: Sendable {
    /// What a transaction is going to do.
    enum Purpose {
        case reading
        case writing
    }

    private struct Job: Sendable {
        let purpose: Purpose
        let run: @Sendable (PostgreSQLLane) -> Void
    }

    private struct State {
        var idle: [PostgreSQLLane]
        var readers = 0
        var waitingReaders: [Job] = []
        var waitingWriters: [Job] = []
    }

    private let state: Mutex<State>

    init(_ connect: @escaping @Sendable () throws(ChatError) -> PostgreSQLConnection) {
        let gate = PostgreSQLGate(connect)
        state = Mutex(State(idle: (0..<Limits.databaseConnections).map { PostgreSQLLane($0, gate) }))
    }

    /// Runs `work` with a connection, again when the connection was lost or another transaction was in the way.
    ///
    /// - Throws: `unavailable` when too much waits already, and what `work` throws.
    func run<Value: Sendable>(
        _ purpose: Purpose, _ work: @escaping @Sendable (PostgreSQLConnection) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        let result: Result<Value, ChatError> = await withCheckedContinuation { continuation in
            let isAdmitted = admit(
                Job(purpose: purpose) { lane in
                    continuation.resume(returning: Result { () throws(ChatError) in try lane.perform(work) })
                })
            if !isAdmitted {
                continuation.resume(
                    returning: .failure(
                        ChatError(.unavailable, "database: too much waits for it already", hint: "try again")))
            }
        }
        do throws(ChatError) { return try result.get() } catch { throw error.of(.database) }
    }

    /// Ends the connections that are idle; those at work end when they are done.
    func close() {
        for lane in state.withLock({ $0.idle }) { lane.close() }
    }

    private func admit(_ job: Job) -> Bool {
        let (isAdmitted, lane) = state.withLock { state -> (Bool, PostgreSQLLane?) in
            if Self.mayStart(job.purpose, state), let lane = state.idle.popLast() {
                if job.purpose == .reading { state.readers += 1 }
                return (true, lane)
            }
            guard state.waitingReaders.count + state.waitingWriters.count < Limits.databaseQueue else {
                return (false, nil)
            }
            switch job.purpose {
            case .reading: state.waitingReaders.append(job)
            case .writing: state.waitingWriters.append(job)
            }
            return (true, nil)
        }
        if let lane { lane.queue.async { self.serve(lane, from: job) } }
        return isAdmitted
    }

    /// Runs a job and then, on the same thread, what has been waiting.
    private func serve(_ lane: PostgreSQLLane, from first: Job) {
        var job: Job? = first
        while let present = job {
            present.run(lane)
            job = state.withLock { state in
                if present.purpose == .reading { state.readers -= 1 }
                if !state.waitingWriters.isEmpty { return state.waitingWriters.removeFirst() }
                if !state.waitingReaders.isEmpty, Self.mayStart(.reading, state) {
                    state.readers += 1
                    return state.waitingReaders.removeFirst()
                }
                state.idle.append(lane)
                return nil
            }
        }
    }

    private static func mayStart(_ purpose: Purpose, _ state: State) -> Bool {
        purpose == .writing || state.readers < Limits.databaseReaders
    }
}

/// Lets lanes connect, one at a time while the server is out.
private final class PostgreSQLGate: Sendable {
    private struct Outage {
        let error: ChatError
        var until: ContinuousClock.Instant
    }

    private let connect: @Sendable () throws(ChatError) -> PostgreSQLConnection
    private let outage = Mutex<Outage?>(nil)

    init(_ connect: @escaping @Sendable () throws(ChatError) -> PostgreSQLConnection) {
        self.connect = connect
    }

    /// A new connection. Blocks its thread.
    ///
    /// - Throws: at once what the last attempt threw, while it is too early for the next.
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

/// A connection with the thread that uses it.
///
/// `@unchecked Sendable`: the connection is touched on `queue` only; the pool gives a lane one job at a time.
private final class PostgreSQLLane: @unchecked Sendable {
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
