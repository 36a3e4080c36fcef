/// What can be done with rooms, in this process or on a server.
package protocol RoomService: Sendable {
    func createRoom(_ room: NewRoom) async throws(ChatError) -> Room
    func rooms(_ filter: RoomFilter) async throws(ChatError) -> [Room]
    func room(named name: RoomName) async throws(ChatError) -> Room
    func updateRoom(_ name: RoomName, _ change: RoomChange) async throws(ChatError) -> Room
    func deleteRoom(_ name: RoomName) async throws(ChatError)
    /// Gets or makes the direct room of two users; `made` tells which.
    func directRoom(_ first: Username, _ second: Username) async throws(ChatError) -> (room: Room, made: Bool)
}

/// What can be done with members, in this process or on a server.
package protocol MemberService: Sendable {
    func members(of room: RoomName) async throws(ChatError) -> [Member]
    /// Adds a member or changes a role; doing it twice is no error.
    func setMember(_ user: Username, of room: RoomName, role: MemberRole?) async throws(ChatError)
    /// Ends a membership; of somebody who is no member too.
    func removeMember(_ user: Username, of room: RoomName) async throws(ChatError)
    /// Puts the user's live connections out of the room and ends the membership.
    func kick(_ user: Username, from room: RoomName) async throws(ChatError)
    /// Restricts for a while, or until lifted when `life` is nil.
    func restrict(
        _ kind: RestrictionKind, _ user: Username, in room: RoomName, for life: Duration?
    ) async throws(ChatError)
    func lift(_ kind: RestrictionKind, from user: Username, in room: RoomName) async throws(ChatError)
}
