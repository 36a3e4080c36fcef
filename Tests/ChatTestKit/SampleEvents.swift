import ChatCore

/// At least one sample of each event that buses carry.
package enum SampleEvents {
    package static func all(
        room: RoomReference? = nil, user: UserID = UserID(7), name: Username? = nil
    ) throws -> [Event] {
        let room = try room ?? RoomReference(id: RoomID(3), name: RoomName("red"))
        let name = try name ?? Username("bob")
        let events: [Event] = [
            .messageDeleted(room: room, seq: 7), .messageEdited(room: room, seq: 8),
            .typing(room: room, username: name),
            .presence(PresenceChange(room: room, joined: [name], left: [])), .roomChanged(room),
            .roomGained(user, room), .removed(user, room, .kicked), .roomDeleted(room), .disabled(user),
            .roleChanged(user),
            .sessionEnded(user, tokenID: nil), .sessionEnded(user, tokenID: 3),
        ]
        // A new kind of event does not compile here until it is handled in this switch.
        for event in events {
            switch event {
            case .messageDeleted, .messageEdited, .typing, .presence, .roomChanged, .roomGained, .removed, .roomDeleted,
                .disabled,
                .roleChanged, .sessionEnded:
                break
            }
        }
        return events
    }
}
