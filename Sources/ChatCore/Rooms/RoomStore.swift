/// Where rooms are kept.
package protocol RoomStore: Sendable {
    /// Makes a room with its members; `owner` becomes its owner.
    ///
    /// - Throws: `alreadyExists`, `userNotFound` for an unknown member; then nothing was made.
    func insertRoom(_ room: NewRoom, owner: UserID?, at: Timestamp, act: Act) async throws(ChatError) -> Room
    func room(named name: RoomName) async throws(ChatError) -> Room?
    func room(_ id: RoomID) async throws(ChatError) -> Room?
    /// Rooms by name. `visibleTo` nil shows all, otherwise public rooms and those the user is a member of.
    func rooms(_ filter: RoomFilter, visibleTo user: UserID?) async throws(ChatError) -> [Room]
    /// - Throws: `roomNotFound`, `alreadyExists` for a taken name.
    func updateRoom(_ id: RoomID, _ change: RoomChange, at: Timestamp, act: Act) async throws(ChatError) -> Room
    /// Removes the room with everything in it.
    func deleteRoom(_ id: RoomID, at: Timestamp, act: Act) async throws(ChatError)
    /// Gets or makes the one direct room of two users; `made` tells which.
    func directRoom(
        _ first: UserID, _ second: UserID, freshName: RoomName, at: Timestamp
    ) async throws(ChatError) -> (room: Room, made: Bool)
    /// One user's standing in one room, nil for an unknown room. Without a user: nobody's.
    func access(to name: RoomName, for user: UserID?, at: Timestamp) async throws(ChatError) -> RoomAccess?
}

/// Where members and restrictions are kept.
package protocol MemberStore: Sendable {
    /// The members by username.
    func members(of room: RoomID) async throws(ChatError) -> [Member]
    /// The members' numbers, to find their connections.
    func memberIDs(of room: RoomID) async throws(ChatError) -> [UserID]
    func role(of user: UserID, in room: RoomID) async throws(ChatError) -> MemberRole?
    /// Adds a member or changes the role; nil keeps the role of a member and adds others as `member`.
    /// Answers whether anything changed. - Throws: `notAllowed` when a room would lose its last owner.
    func setMember(
        _ user: UserID, of room: RoomID, role: MemberRole?, at: Timestamp, act: Act
    ) async throws(ChatError) -> MembershipOutcome
    /// Whether the user was a member. - Throws: `notAllowed` when a room would lose its last owner.
    func removeMember(_ user: UserID, of room: RoomID, at: Timestamp, act: Act) async throws(ChatError) -> Bool
    /// Puts a restriction in force, in place of an earlier one of its kind. A ban also ends the membership.
    func restrict(
        _ user: UserID, in room: RoomID, _ restriction: Restriction, at: Timestamp, act: Act
    ) async throws(ChatError)
    /// Whether there was a restriction to lift.
    func lift(
        _ kind: RestrictionKind, from user: UserID, in room: RoomID, at: Timestamp, act: Act
    ) async throws(ChatError) -> Bool
}

/// What a change of membership did.
package enum MembershipOutcome: Sendable {
    case added
    case roleChanged
    case unchanged
}
