/// Something that happened in the core or in a face, for whoever counts or logs.
package enum Observation: Sendable {
    /// A transaction stored messages. `waiting` drafts came meanwhile.
    case committed(messages: Int, took: Duration, waiting: Int)
    /// Frames that the hub of one event loop sent since it last told.
    case delivered(HubCounts)
    case joined(RoomName)
    /// A request, frame or handshake was refused.
    case refused(ErrorCode)
    /// A log-in did not succeed. The name is as it was given, and names no account for sure.
    case loginFailed(name: String, address: String)
    /// A connection was closed because its client did not take its messages.
    case droppedAsTooSlow(Username, address: String)
    /// A user reached a rate, or the number of connections they may hold.
    case limited(RatedAct, user: UserID)
    case tooManyConnections(Username)
    /// A part of the installation cannot be used since `since`.
    case failed(ChatError.Part, reason: String)
    case recovered(ChatError.Part, after: Duration)
}

/// What one hub did, counted in plain integers on its event loop and told once a second.
package struct HubCounts: Sendable, Equatable {
    /// Batches and events that were sent to a room.
    package var broadcasts = 0
    /// Copies of them that were handed to sockets.
    package var deliveries = 0
    package var bytes = 0

    package init() {}

    package var isEmpty: Bool { self == HubCounts() }
}

/// Hears what happens. Called on any thread, on hot paths too: must return at once.
package protocol Observer: Sendable {
    func observe(_ observation: Observation)
}

/// Hears nothing.
package struct SilentObserver: Observer {
    package init() {}
    package func observe(_ observation: Observation) {}
}
