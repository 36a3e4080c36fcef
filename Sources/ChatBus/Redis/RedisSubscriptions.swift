import ChatCore

/// The rooms to which a server's connection is subscribed, and which of these subscriptions the server has confirmed.
struct RedisSubscriptions: Sendable {
    private(set) var rooms: Set<RoomID> = []
    /// Subscriptions that a new connection has asked for and the server has not confirmed yet.
    private var unconfirmed = 0

    /// What a confirmation means.
    enum Confirmation: Equatable {
        /// A room that was added to a running connection: what was published before went unheard.
        case single
        /// One of a new connection; more are to come.
        case oneOfMany
        /// The last of a new connection: it receives everything from now on.
        case last
    }

    /// Returns false for a room that was added before.
    mutating func add(_ room: RoomID) -> Bool { rooms.insert(room).inserted }

    /// Returns false for a room that was not there.
    mutating func remove(_ room: RoomID) -> Bool { rooms.remove(room) != nil }

    /// A new connection was made: returns the rooms to subscribe to again.
    mutating func restart() -> [RoomID] {
        unconfirmed = rooms.count
        return Array(rooms)
    }

    /// The server has confirmed one subscription.
    mutating func confirm() -> Confirmation {
        guard unconfirmed > 0 else { return .single }
        unconfirmed -= 1
        return unconfirmed == 0 ? .last : .oneOfMany
    }
}
