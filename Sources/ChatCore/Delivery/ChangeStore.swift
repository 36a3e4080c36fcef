/// A message that was edited or deleted.
package struct MessageChange: Sendable, Equatable {
    package let room: RoomReference
    package let seq: Int64
    package let isDeletion: Bool

    package init(room: RoomReference, seq: Int64, isDeletion: Bool) {
        self.room = room
        self.seq = seq
        self.isDeletion = isDeletion
    }
}

/// What has changed apart from new messages.
package struct Changes: Sendable, Equatable {
    /// Rooms that were renamed or archived, or whose topic changed.
    package let rooms: [RoomID]
    package let messages: [MessageChange]

    package init(rooms: [RoomID], messages: [MessageChange]) {
        self.rooms = rooms
        self.messages = messages
    }
}

/// Finds what a process may have missed because a bus lost the events about it.
package protocol ChangeStore: Sendable {
    /// Returns what was changed at or after a moment, oldest first: the newest `limit` rooms, and as many edited and as many
    /// deleted messages.
    func changes(since: Timestamp, limit: Int) async throws(ChatError) -> Changes
}
