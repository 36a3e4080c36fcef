import ChatCore
import ChatSQL
import GRDB
import Synchronization

/// A connection for searches, on a thread of its own with a low priority: a search reads the whole log where it must, and
/// keeps no other reader waiting meanwhile. One search runs at a time, and none longer than it may.
final class SQLiteSearcher: Sendable {
    private let path: String
    private let connection: DatabaseQueue
    private let thread: DriverThread
    /// The number of the search that runs, so that a late interrupt does not hit the next one.
    private let running = Mutex<UInt64?>(nil)
    private let numbers = Atomic<UInt64>(0)

    /// - Throws: `unavailable` when the file cannot be opened, or no thread is left.
    init(path: String, configuration: Configuration) throws(ChatError) {
        self.path = path
        thread = try DriverThread(niceness: 10)
        var configuration = configuration
        configuration.readonly = true
        do {
            connection = try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw SQLiteErrors.translate(error, path: path)
        }
    }

    /// Interrupts the search that runs.
    func close() {
        connection.interrupt()
        try? connection.close()
    }

    /// - Throws: `unavailable` when it took longer than `limit`, and what `body` throws.
    func search<Value: Sendable>(
        within limit: Duration, _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        let number = numbers.add(1, ordering: .relaxed).newValue
        let task = Task(executorPreference: thread) {
            guard !Task.isCancelled else { return Result<Value, ChatError>.failure(.slowSearch) }
            return self.result(of: body, number, within: limit)
        }
        return try await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }.get()
    }

    private func interrupt(_ number: UInt64) {
        running.withLock { if $0 == number { connection.interrupt() } }
    }

    private func result<Value>(
        of body: (any SQLSession) throws(ChatError) -> Value, _ number: UInt64, within limit: Duration
    ) -> Result<Value, ChatError> {
        running.withLock { $0 = number }
        let deadline = Task.detached {
            try await Task.sleep(for: limit)
            // An interrupt hits what runs at that moment, and the statement may not have begun.
            while true {
                self.interrupt(number)
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        defer {
            running.withLock { $0 = nil }
            deadline.cancel()
        }
        do {
            return .success(
                try connection.read { try body(SQLiteSession(database: $0, path: path, origin: "")) })
        } catch {
            let error = SQLiteErrors.translate(error, path: path)
            return .failure(error.code == .interrupted ? .slowSearch : error)
        }
    }
}
