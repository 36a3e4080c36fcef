/// What a hub gets to do, in order.
package enum HubItem: Sendable {
    /// From here on the hub receives the room; `position` is the last `seq` it does not get.
    case open(RoomID, position: Int64)
    case batch(MessageBatch)
    /// The room's log has grown to at least `seq`: in place of batches, for a hub that reads the log itself.
    case grown(RoomID, seq: Int64)
    case event(Event)
    /// The room's count of online users, to be shown with who came and went.
    case presence(PresenceChange, onlineCount: Int)
    /// The room's present shape, for everyone joined and the members wherever connected.
    case room(Room, members: [UserID])
    /// Something may have been lost: each connection asks whether its user may still see what it shows.
    case recheck
}

/// Passes items on to subscribers: those of one event loop, or one feed.
package protocol Hub: AnyObject, Sendable {
    /// Set by a hub that wants to hear `grown` and reads the log itself, instead of getting the bytes of batches.
    var readsLog: Bool { get }
    /// Queues an item; returns at once.
    func post(_ item: HubItem)
}

extension Hub {
    package var readsLog: Bool { false }
}
