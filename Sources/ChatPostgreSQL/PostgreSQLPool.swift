import ChatCore
import Synchronization

// Each connection is a lane with a thread of its own, which may block. While the server is out, there is one attempt to
// connect at a time, and everyone else fails at once.

/// A bounded number of connections, opened on demand and reopened when they are lost.
final class PostgreSQLPool: Sendable {
    private typealias Schedule = PostgreSQLSchedule<PostgreSQLLane, Job>

    private struct Job: Sendable {
        let purpose: Schedule.Purpose
        let run: @Sendable (PostgreSQLLane) -> Void
    }

    private let schedule: Mutex<Schedule>

    init(_ connect: @escaping @Sendable () throws(ChatError) -> PostgreSQLConnection) {
        let gate = PostgreSQLGate(connect)
        schedule = Mutex(Schedule((0..<Limits.databaseConnections).map { PostgreSQLLane($0, gate) }))
    }

    /// Runs `work`, which will only read, with a connection. Retries it when the connection is lost or after a conflict.
    ///
    /// - Throws: `unavailable` when the queue is full, and what `work` throws.
    func read<Value: Sendable>(
        _ work: @escaping @Sendable (PostgreSQLConnection) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        try await run(.reading, work)
    }

    /// Like ``read(_:)`` for `work` that writes.
    func write<Value: Sendable>(
        _ work: @escaping @Sendable (PostgreSQLConnection) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        try await run(.writing, work)
    }

    /// Closes the connections that are idle; the others are closed with the pool.
    func close() {
        for lane in schedule.withLock({ $0.idleLanes }) { lane.close() }
    }

    private func run<Value: Sendable>(
        _ purpose: Schedule.Purpose, _ work: @escaping @Sendable (PostgreSQLConnection) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        let result: Result<Value, ChatError> = await withCheckedContinuation { continuation in
            let job = Job(purpose: purpose) { lane in
                continuation.resume(returning: Result { () throws(ChatError) in try lane.perform(work) })
            }
            switch schedule.withLock({ $0.admit(job, purpose) }) {
            case .run(let lane): lane.queue.async { self.serve(lane, from: job) }
            case .wait: break
            case .refuse:
                let error = ChatError(.unavailable, "database: too many transactions wait for it", hint: "try again")
                continuation.resume(returning: .failure(error))
            }
        }
        do throws(ChatError) { return try result.get() } catch { throw error.of(.database) }
    }

    /// Runs a job and then, on the same thread, the jobs that wait.
    private func serve(_ lane: PostgreSQLLane, from first: Job) {
        var job: Job? = first
        while let present = job {
            present.run(lane)
            job = schedule.withLock { $0.next(on: lane, after: present.purpose) }
        }
    }
}
