/// Carries events between the processes that share one database.
///
/// A bus only notifies; the log is the source of truth. Events may arrive late, twice or not at all, and a receiver
/// that notices a gap reads the log. A process does not receive what it published itself.
package protocol Bus: Sendable {
    /// True if the bus is notified of every commit by the database itself, so that no commit goes unnoticed when a
    /// process dies right after it.
    var hearsEveryCommit: Bool { get }
    /// Starts to deliver what other processes publish. `receive` is called serially, in order.
    func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError)
    /// Tells the other processes that these messages were committed.
    func publish(_ batch: MessageBatch) async throws(ChatError)
    func publish(_ events: [Event]) async throws(ChatError)
    /// Subscribes this process to a room; events of other rooms may be filtered out. Returns at once: if events may
    /// have been missed before the subscription took effect, a `check` event follows.
    func follow(_ room: RoomID)
    /// Ends this process's subscription to a room.
    func unfollow(_ room: RoomID)
    /// The reason why the bus cannot deliver now; nil if it works.
    func fault() async -> ChatError?
    func stop() async
}
