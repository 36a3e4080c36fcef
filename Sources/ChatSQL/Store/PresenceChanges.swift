import ChatCore

/// Collects by room who came online and who went offline.
struct PresenceChanges {
    private var byRoom: [RoomID: PresenceChange] = [:]

    /// Adds the user of a row that begins with the columns of a ``RoomReference`` and a username.
    mutating func add(_ row: SQLRow, joined: Bool) throws(ChatError) {
        let room = try RoomReference(row)
        let username = Username(stored: try row.after(RoomReference.Column.self).text(0))
        if joined {
            byRoom[room.id, default: PresenceChange(room: room)].joined.append(username)
        } else {
            byRoom[room.id, default: PresenceChange(room: room)].left.append(username)
        }
    }

    /// The changes in the order of the room ids, with sorted names.
    var sorted: [PresenceChange] {
        byRoom.sorted { $0.key.value < $1.key.value }.map { _, change in
            PresenceChange(room: change.room, joined: change.joined.sorted(), left: change.left.sorted())
        }
    }
}
