/// Something that happened in the core or in a frontend, for logs and metrics.
package enum Observation: Sendable {
    /// A transaction stored messages. `waiting` is how many drafts arrived meanwhile.
    case committed(messages: Int, took: Duration, waiting: Int)
    /// What the hub of one event loop sent since its last report.
    case delivered(HubCounts)
    case joined(RoomName)
    /// A request, frame or handshake was refused.
    case refused(ErrorCode)
    /// A log-in failed. The name is as given; it need not be that of an account.
    case loginFailed(name: String, address: String)
    /// A connection was closed because its client was too slow to take its messages.
    case droppedAsTooSlow(Username, address: String)
    /// A user reached a rate limit.
    case limited(RatedAct, user: UserID)
    case tooManyConnections(Username)
    /// The system had no descriptors or memory for another connection; accepting pauses.
    case cannotAccept(reason: String)
    /// The database or the bus stopped working.
    case failed(ChatError.Part, reason: String)
    case recovered(ChatError.Part, after: Duration)
}

/// What one hub sent, counted in plain integers on its event loop and reported once a second.
package struct HubCounts: Sendable, Equatable {
    /// Batches and events sent to a room.
    package var broadcasts = 0
    /// Copies of them handed to sockets.
    package var deliveries = 0
    package var bytes = 0

    package init() {}

    package var isEmpty: Bool { self == HubCounts() }
}

/// Receives observations, on any thread and on hot paths: must return at once.
package protocol Observer: Sendable {
    func observe(_ observation: Observation)
}

/// Discards observations.
package struct SilentObserver: Observer {
    package init() {}
    package func observe(_ observation: Observation) {}
}
