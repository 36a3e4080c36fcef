/// Carries events between the processes that share one database.
///
/// A bus is a doorbell, not a log: what it brings may be late, doubled or lost, and the receiver reads the log
/// when it notices. What a process publishes does not come back to it.
package protocol Bus: Sendable {
    /// Whether every commit rings by itself, so that nothing goes unheard when a process dies right after one.
    var hearsEveryCommit: Bool { get }
    /// Begins to bring what other processes publish. `receive` is called one call at a time, in order.
    func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError)
    /// Tells the others that these messages were committed.
    func publish(_ batch: MessageBatch) async throws(ChatError)
    func publish(_ events: [Event]) async throws(ChatError)
    /// Somebody here listens to the room from now on; what is published in other rooms need not come. Does not wait:
    /// a `check` comes when it has taken effect, should anything have gone unheard until then.
    func follow(_ room: RoomID)
    /// Nobody here listens to the room any more.
    func unfollow(_ room: RoomID)
    /// Why the bus carries nothing now, nil when all is well.
    func fault() async -> ChatError?
    func stop() async
}
