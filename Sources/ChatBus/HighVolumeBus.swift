import ChatCore

/// The fast route of a ``RoutedBus``. It may refuse what it is given, and the caller then takes the other route.
protocol HighVolumeBus: Sendable {
    /// Starts to deliver what other processes publish in the rooms that are followed.
    ///
    /// - Throws: `unavailable` when it cannot be reached; nothing is delivered then.
    func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError)

    /// Subscribes to a room without waiting; a `check` of the room follows once that has taken effect.
    func follow(_ room: RoomID)

    func unfollow(_ room: RoomID)

    /// Returns false when some of the batch could not be sent.
    func publish(_ batch: MessageBatch) async -> Bool

    /// Returns false when the event could not be sent, or is not one of high volume.
    func publish(_ event: Event) async -> Bool

    /// Why nothing can be sent or received now; nil when all is well.
    func fault() -> ChatError?

    func stop() async
}
