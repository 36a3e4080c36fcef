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
    /// Set on the thread that searches, so that no search begins on a closed connection, which SQLite does not survive.
    private let isClosed = Atomic(false)

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

    /// Interrupts the search that runs; those that wait fail.
    func close() async {
        let interrupting = Task { try await interruptRepeatedly { $0 != nil } }
        await Task(executorPreference: thread) {
            // A connection that fails to close now is closed with the object.
            if !self.isClosed.exchange(true, ordering: .relaxed) { try? self.connection.close() }
        }.value
        interrupting.cancel()
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

    /// Interrupts searches that `isMeant` until the task is cancelled: an interrupt hits what runs at that moment, and the
    /// statement may not have begun.
    private func interruptRepeatedly(_ isMeant: (UInt64?) -> Bool) async throws {
        while true {
            running.withLock { if isMeant($0) { connection.interrupt() } }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func result<Value>(
        of body: (any SQLSession) throws(ChatError) -> Value, _ number: UInt64, within limit: Duration
    ) -> Result<Value, ChatError> {
        guard !isClosed.load(ordering: .relaxed) else {
            return .failure(ChatError(.unavailable, "database \(path): it was closed"))
        }
        running.withLock { $0 = number }
        let deadline = Task.detached {
            try await Task.sleep(for: limit)
            try await self.interruptRepeatedly { $0 == number }
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
