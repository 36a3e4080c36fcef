/// The items a hub receives, in order.
package enum HubItem: Sendable {
    /// The hub is subscribed to the room; the first batch it receives starts after `position`.
    case open(RoomID, position: Int64)
    case batch(MessageBatch)
    /// The room's log has grown to at least `seq`. Sent instead of batches to a hub that reads the log itself.
    case grown(RoomID, seq: Int64)
    case event(Event)
    /// A message that subscribers have received has another text.
    case edited(Message)
    /// The room's count of online users, with the users who came and went.
    case presence(PresenceChange, onlineCount: Int)
    /// How many users are online in rooms of this node, as counted just now: to be shown where something else was shown.
    case counts([RoomID: Int])
    /// The room's current state, for its subscribers and for members, wherever they are connected.
    case room(Room, members: [UserID])
    /// Events may have been lost: each connection must check whether its user may still read its rooms.
    case recheck
    /// The database was restored under this process: a feed ends with this error. A server ends as a whole.
    case restored(ChatError)
}

/// Fans items out to subscribers: the connections of one event loop, or one feed.
package protocol Hub: AnyObject, Sendable {
    /// True for a hub that reads the log itself: it receives `grown` instead of batches.
    var readsLog: Bool { get }
    /// Queues an item; returns at once.
    func post(_ item: HubItem)
}

extension Hub {
    package var readsLog: Bool { false }
}
