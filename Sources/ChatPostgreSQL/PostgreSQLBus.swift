import ChatCore
import ChatSQL
import Dispatch
import Glibc
import Synchronization

// LISTEN and NOTIFY carry how far rooms' logs have grown, not the messages: a notification is limited to 8,000 bytes, and
// the receiver can read the log. Notifications are sent outside the transactions they report, because a transaction that
// notifies holds a lock on the whole database while it commits. What waits to be sent is merged, so a busy node sends few.

/// The bus of processes that share a PostgreSQL database.
final class PostgreSQLBus: Bus {
    let hearsEveryCommit = false
    private let driver: PostgreSQLDriver
    private let thread = DispatchQueue(label: "chatctl.postgres-bus")
    private let state = Mutex(State())

    private struct State {
        var outgoing = Notifications()
        /// Nil before the start and after the stop.
        var listener: PostgreSQLListener?
    }

    init(driver: PostgreSQLDriver) {
        self.driver = driver
    }

    func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {
        await stop()
        let listener = try PostgreSQLListener(
            driver, receive, takeOutgoing: { [weak self] in self?.state.withLock { $0.outgoing.take() } ?? [] },
            putBack: { [weak self] payloads in self?.state.withLock { $0.outgoing.putBack(payloads) } })
        let first: Result<Void, ChatError> = await withCheckedContinuation { continuation in
            thread.async {
                continuation.resume(returning: Result { () throws(ChatError) in try listener.connect() })
            }
        }
        try first.get()
        state.withLock { $0.listener = listener }
        thread.async { listener.run() }
    }

    func follow(_ room: RoomID) {}
    func unfollow(_ room: RoomID) {}

    func publish(_ batch: MessageBatch) async throws(ChatError) {
        try await publish { $0.add(growthOf: batch.room, to: batch.lastSeq) }
    }

    func publish(_ events: [Event]) async throws(ChatError) {
        guard !events.isEmpty else { return }
        try await publish { outgoing throws(ChatError) in try outgoing.add(events) }
    }

    func fault() async -> ChatError? {
        guard let listener = state.withLock({ $0.listener }), !listener.isConnected else { return nil }
        return ChatError(.unavailable, "database \(driver.address.name): no notifications arrive").of(.database)
    }

    func stop() async {
        let listener = state.withLock { state in
            defer { state.listener = nil }
            return state.listener
        }
        listener?.end()
        // Runs once the listener has returned, which occupies the queue until then.
        await withCheckedContinuation { continuation in thread.async { continuation.resume() } }
    }

    /// Leaves sending to the listener; a process that does not listen sends on a connection of the pool.
    private func publish(
        _ add: (inout Notifications) throws(ChatError) -> Void
    ) async throws(ChatError) {
        let result = state.withLock { state -> Result<PostgreSQLListener?, ChatError> in
            Result { () throws(ChatError) in
                try add(&state.outgoing)
                return state.listener
            }
        }
        if let listener = try result.get() { return listener.wake() }
        let payloads = state.withLock { $0.outgoing.take() }
        try await driver.write { session throws(ChatError) in
            try session.queryEach(Notifications.statement, payloads.map { [.text($0)] })
        }
    }
}
