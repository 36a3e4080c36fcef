/// How far somebody has read in a room.
package struct RoomPosition: Sendable, Hashable {
    package let room: RoomName
    package let after: Int64

    package init(room: RoomName, after: Int64) {
        self.room = room
        self.after = after
    }
}

/// What a follower hears.
package enum FollowItem: Sendable {
    case message(Message)
    /// Something a person should know, such as a reconnection; not part of the log.
    case notice(String)
}

/// Following rooms as they grow, in this process or on a server.
package protocol FollowService: Sendable {
    /// The messages behind each position, in `seq` order in each room, without hole or repetition, and then live
    /// ones until the consumer stops. Ends with a `ChatError` when following is no longer possible.
    func follow(_ rooms: [RoomPosition]) -> AsyncThrowingStream<FollowItem, any Error>
}
