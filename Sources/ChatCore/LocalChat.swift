/// The use cases in this process, acting in the name of one caller and subject to the caller's rights.
package struct LocalChat: Sendable {
    let chat: Chat
    package let caller: Caller

    var store: any Store { chat.store }

    func now() -> Timestamp { chat.clock.now() }

    /// The caller's rights in a room.
    ///
    /// An operator has the rights of an administrator everywhere; `archived`, bans and mutes are still reported.
    /// - Throws: `roomNotFound`.
    func access(to name: RoomName) async throws(ChatError) -> RoomAccess {
        guard let found = try await findAccess(to: name) else { throw .noRoom(name) }
        return found
    }

    private func findAccess(to name: RoomName) async throws(ChatError) -> RoomAccess? {
        guard let found = try await store.access(to: name, for: caller.user?.id, at: now()) else { return nil }
        guard caller.isOperator else { return found }
        var access = RoomAccess(
            room: found.room, kind: found.kind, isArchived: found.isArchived, lastSeq: found.lastSeq,
            role: found.role, isBanned: found.isBanned, isMuted: found.isMuted, isSiteAdmin: true)
        access.hasPeer = found.hasPeer
        return access
    }

    /// The caller's rights in a room they may read.
    ///
    /// - Throws: `roomNotFound`, `banned`, `notAMember`.
    func readableRoom(_ name: RoomName) async throws(ChatError) -> RoomAccess {
        try readable(try await access(to: name))
    }

    /// Checks the right to read a room that the caller knows already, whatever its name is now.
    ///
    /// - Throws: what ``readableRoom(_:)-(RoomName)`` throws.
    func readableRoom(_ room: RoomReference) async throws(ChatError) -> RoomAccess {
        while let present = try await store.room(room.id, at: now()) {
            let access = try await findAccess(to: present.name)
            // Otherwise the room was renamed meanwhile, and another one may have its name.
            if let access, access.room.id == room.id { return try readable(access) }
        }
        throw .noRoom(room.name)
    }

    private func readable(_ access: RoomAccess) throws(ChatError) -> RoomAccess {
        // An operator can read the whole database anyway, so refusing a direct room would gain nothing.
        if !caller.isOperator { try access.requireReading() }
        return access
    }

    /// Takes a permit for a rate-limited act; administrators and operators need none.
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

    /// Acts in another user's name; for operators only.
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
