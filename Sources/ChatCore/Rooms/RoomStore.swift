/// Stores rooms.
package protocol RoomStore: Sendable {
    /// Creates a room with its members; `owner` becomes its owner.
    ///
    /// - Throws: `alreadyExists`, `userNotFound` for an unknown member; nothing is stored then.
    func insertRoom(_ room: NewRoom, owner: UserID?, at: Timestamp, act: Act) async throws(ChatError) -> Room
    func room(named name: RoomName, at: Timestamp) async throws(ChatError) -> Room?
    func room(_ id: RoomID, at: Timestamp) async throws(ChatError) -> Room?
    /// Returns rooms sorted by name: public rooms and those `user` is a member of, without those they are banned from;
    /// nil returns all.
    func rooms(_ filter: RoomFilter, visibleTo user: UserID?, at: Timestamp) async throws(ChatError) -> [Room]
    /// - Throws: `roomNotFound`, `alreadyExists` for a name that is taken.
    func updateRoom(_ id: RoomID, _ change: RoomChange, at: Timestamp, act: Act) async throws(ChatError) -> Room
    /// Deletes the room and everything in it.
    func deleteRoom(_ id: RoomID, at: Timestamp, act: Act) async throws(ChatError)
    /// The direct room of two users, nil when there is none.
    func directRoom(of first: UserID, _ second: UserID, at: Timestamp) async throws(ChatError) -> Room?
    /// Makes the one direct room of two users; `made` is false when another process was first.
    func makeDirectRoom(
        _ first: UserID, _ second: UserID, freshName: RoomName, at: Timestamp
    ) async throws(ChatError) -> (room: Room, made: Bool)
    /// Returns a user's rights in a room; nil for an unknown room. Without a user: the rights of a stranger.
    func access(to name: RoomName, for user: UserID?, at: Timestamp) async throws(ChatError) -> RoomAccess?
}

/// Stores members and restrictions.
package protocol MemberStore: Sendable {
    /// Returns the members sorted by username.
    func members(of room: RoomID, _ page: ListPage<Username>) async throws(ChatError) -> [Member]
    /// Returns the members' ids, used to find their connections.
    func memberIDs(of room: RoomID) async throws(ChatError) -> [UserID]
    func role(of user: UserID, in room: RoomID) async throws(ChatError) -> MemberRole?
    /// Adds a member or changes the role; nil keeps the role of an existing member and adds others as `member`.
    ///
    /// - Throws: `notAllowed` when a room would lose its last owner.
    func setMember(
        _ user: UserID, of room: RoomID, role: MemberRole?, at: Timestamp, act: Act
    ) async throws(ChatError) -> MembershipOutcome
    /// Returns true if the act was performed: on a member, or with `orStranger` also on a user who is none.
    ///
    /// - Throws: `notAllowed` when a room would lose its last owner.
    func removeMember(
        _ user: UserID, of room: RoomID, orStranger: Bool, at: Timestamp, act: Act
    ) async throws(ChatError) -> Bool
    /// Applies a restriction, replacing an earlier one of its kind. A ban also ends the membership.
    func restrict(
        _ user: UserID, in room: RoomID, _ restriction: Restriction, at: Timestamp, act: Act
    ) async throws(ChatError)
    /// Returns the restrictions that are in force at a moment, sorted by username and kind.
    func restrictions(in room: RoomID, at: Timestamp) async throws(ChatError) -> [ImposedRestriction]
    /// Returns true if there was a restriction to lift.
    func lift(
        _ kind: RestrictionKind, from user: UserID, in room: RoomID, at: Timestamp, act: Act
    ) async throws(ChatError) -> Bool
}

extension MemberStore {
    package func members(of room: RoomID) async throws(ChatError) -> [Member] {
        try await members(of: room, ListPage())
    }
}

/// The outcome of ``MemberStore/setMember(_:of:role:at:act:)``.
package enum MembershipOutcome: Sendable {
    case added
    case roleChanged
    case unchanged
}
