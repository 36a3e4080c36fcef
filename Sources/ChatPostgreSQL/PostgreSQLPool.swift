import ChatCore
import Synchronization

// Each connection is a lane with a thread of its own, which may block. A transaction takes an idle lane or waits for one.
// Readers may not take the last lanes, so that a flood of history pages never delays the journal. While the server is
// out, there is one attempt to connect at a time, and everyone else fails at once.

/// A bounded number of connections, opened on demand and reopened when they are lost.
final class PostgreSQLPool: Sendable {
    /// What a transaction will do.
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

    /// Runs `work` with a connection, and retries it when the connection is lost or after a conflict.
    ///
    /// - Throws: `unavailable` when the queue is full, and what `work` throws.
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
                        ChatError(.unavailable, "database: too many transactions wait for it", hint: "try again")))
            }
        }
        do throws(ChatError) { return try result.get() } catch { throw error.of(.database) }
    }

    /// Closes idle connections now and busy ones when they are done.
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

    /// Runs a job and then, on the same thread, the jobs that wait.
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
