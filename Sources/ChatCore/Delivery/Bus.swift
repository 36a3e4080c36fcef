/// Carries events between the processes that share one database.
///
/// A bus is a doorbell, not a log: what it brings may be late, doubled or lost, and the receiver reads the log
/// when it notices. What a process publishes does not come back to it.
package protocol Bus: Sendable {
    /// Begins to bring what other processes publish. `receive` is called one call at a time, in order.
    func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError)
    /// Tells the others that these messages were committed.
    func publish(_ batch: MessageBatch) async throws(ChatError)
    func publish(_ events: [Event]) async throws(ChatError)
    func stop() async
}
