extension RemovalReason {
    /// The error for a caller that cannot continue without the room.
    package func error(of room: RoomName) -> ChatError {
        switch self {
        case .kicked: ChatError(.notAMember, "room \(room): you were kicked")
        case .banned: ChatError(.banned, "room \(room): you were banned")
        case .removed: ChatError(.notAMember, "room \(room): you are no longer a member")
        case .deleted: ChatError(.roomNotFound, "room \(room): it was deleted")
        }
    }
}
