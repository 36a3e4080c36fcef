/// Something that live connections on every node must learn; messages travel as batches instead.
package enum Event: Sendable, Equatable, Codable {
    case messageDeleted(room: RoomReference, seq: Int64)
    /// A message has another text, which whoever shows the event reads from the log.
    case messageEdited(room: RoomReference, seq: Int64)
    case typing(room: RoomReference, username: Username)
    case presence(PresenceChange)
    /// A room was created, renamed or archived, or its topic changed.
    case roomChanged(RoomReference)
    /// A user became a member.
    case roomGained(UserID, RoomReference)
    case removed(UserID, RoomReference, RemovalReason)
    case roomDeleted(RoomReference)
    case disabled(UserID)
    /// A user became an administrator or ceased to be one: connections hold the rights they were opened with.
    case roleChanged(UserID)
    /// A token was revoked; nil means all log-in sessions.
    case sessionEnded(UserID, tokenID: Int64?)
}

extension Event {
    /// True if a user may have lost the right to a room, or to be connected at all.
    var mayEndRights: Bool {
        switch self {
        case .removed, .roomDeleted, .disabled, .roleChanged, .sessionEnded: true
        case .messageDeleted, .messageEdited, .typing, .presence, .roomChanged, .roomGained: false
        }
    }
}

/// What a bus delivers from other processes.
package enum BusEvent: Sendable, Equatable {
    /// New messages.
    case batch(MessageBatch)
    /// The room's log has grown to at least `seq`.
    case grown(RoomID, seq: Int64)
    /// The room must be checked against its log.
    case check(RoomID)
    case event(Event)
    /// Events may have been lost: every open room must be checked against its log.
    case gap

    /// True if it reports new messages.
    var isGrowth: Bool {
        switch self {
        case .batch, .grown, .check: true
        case .event, .gap: false
        }
    }
}
