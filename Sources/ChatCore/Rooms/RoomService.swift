/// Use cases on rooms, in this process or on a server.
package protocol RoomService: Sendable {
    func createRoom(_ room: NewRoom) async throws(ChatError) -> Room
    func rooms(_ filter: RoomFilter) async throws(ChatError) -> [Room]
    func room(named name: RoomName) async throws(ChatError) -> Room
    func updateRoom(_ name: RoomName, _ change: RoomChange) async throws(ChatError) -> Room
    func deleteRoom(_ name: RoomName) async throws(ChatError)
    /// Returns the direct room of two users, creating it if needed; `made` is true if it was created.
    func directRoom(_ first: Username, _ second: Username) async throws(ChatError) -> (room: Room, made: Bool)
}

/// Use cases on members, in this process or on a server.
package protocol MemberService: Sendable {
    func members(of room: RoomName, _ page: ListPage<Username>) async throws(ChatError) -> [Member]
    /// Adds a member or changes a role. Idempotent.
    func setMember(_ user: Username, of room: RoomName, role: MemberRole?) async throws(ChatError)
    /// Ends a membership. No-op for a user who is not a member.
    func removeMember(_ user: Username, of room: RoomName) async throws(ChatError)
    /// Removes the user's live connections from the room and ends the membership. Returns false if the user was neither a
    /// member nor online there.
    @discardableResult
    func kick(_ user: Username, from room: RoomName) async throws(ChatError) -> Bool
    /// Bans or mutes a user for `life`; nil means until lifted. The reason is for those who moderate; empty for none.
    func restrict(
        _ kind: RestrictionKind, _ user: Username, in room: RoomName, for life: Duration?, reason: String
    ) async throws(ChatError)
    /// Returns false if there was no such restriction.
    @discardableResult
    func lift(_ kind: RestrictionKind, from user: Username, in room: RoomName) async throws(ChatError) -> Bool
    /// Returns the bans and mutes that are in force, sorted by username and kind; for moderators.
    func restrictions(in room: RoomName) async throws(ChatError) -> [ImposedRestriction]
}

extension MemberService {
    /// All members.
    package func members(of room: RoomName) async throws(ChatError) -> [Member] {
        try await members(of: room, ListPage())
    }
}
