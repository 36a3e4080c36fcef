/// The use cases in this process, in the name of one caller; which asks the rules of who may do what.
package struct LocalChat: Sendable {
    let chat: Chat
    package let caller: Caller

    var store: any Store { chat.store }

    func now() -> Timestamp { chat.clock.now() }

    /// The caller's standing in a room.
    ///
    /// An operator stands as an administrator everywhere; `archived`, bans and mutes are still reported.
    /// - Throws: `roomNotFound`.
    func access(to name: RoomName) async throws(ChatError) -> RoomAccess {
        guard let found = try await store.access(to: name, for: caller.user?.id, at: now()) else { throw .noRoom(name) }
        guard caller.isOperator else { return found }
        return RoomAccess(
            room: found.room, kind: found.kind, isArchived: found.isArchived, lastSeq: found.lastSeq,
            role: found.role, isBanned: found.isBanned, isMuted: found.isMuted, isSiteAdmin: true)
    }

    /// The caller's standing in a room they may read.
    ///
    /// - Throws: `roomNotFound`, `banned`, `notAMember`.
    func readableRoom(_ name: RoomName) async throws(ChatError) -> RoomAccess {
        let access = try await access(to: name)
        // Who opened the database can read all of it, so nothing is gained by refusing a direct room.
        if !caller.isOperator { try access.requireReading() }
        return access
    }

    /// Takes a permit for an act that is rated; administrators and operators need none.
    ///
    /// - Throws: `rateLimited`.
    func spend(_ act: RatedAct) throws(ChatError) {
        guard let user = caller.user, !caller.isAdministrator else { return }
        try chat.spend(act, by: user.id)
    }

    func giveBack(_ act: RatedAct) {
        guard let user = caller.user, !caller.isAdministrator else { return }
        chat.giveBack(act, to: user.id)
    }

    /// The same caller in another user's name; only who has the database in hand may choose it.
    ///
    /// - Throws: `notAllowed`, `userNotFound`.
    package func speaking(as name: Username) async throws(ChatError) -> LocalChat {
        guard caller.isOperator else { throw ChatError(.notAllowed, "user \(name): you cannot speak in that name") }
        return try await chat.operatorService(as: name)
    }

    func existingUser(_ name: Username) async throws(ChatError) -> User {
        guard let user = try await store.user(named: name) else { throw .noUser(name) }
        return user
    }
}
