import ChatCore

/// Gathers who came and went by room.
struct PresenceChanges {
    private var byRoom: [RoomID: PresenceChange] = [:]

    /// Takes a row that begins with a room's id and name and a username.
    mutating func add(_ row: SQLRow, joined: Bool) throws(ChatError) {
        let room = try RoomReference(row)
        let username = Username(stored: try row.after(RoomReference.Column.self).text(0))
        if joined {
            byRoom[room.id, default: PresenceChange(room: room)].joined.append(username)
        } else {
            byRoom[room.id, default: PresenceChange(room: room)].left.append(username)
        }
    }

    /// The changes by room, the names in each in order.
    var sorted: [PresenceChange] {
        byRoom.sorted { $0.key.value < $1.key.value }.map { _, change in
            PresenceChange(room: change.room, joined: change.joined.sorted(), left: change.left.sorted())
        }
    }
}
