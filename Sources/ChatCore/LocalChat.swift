/// The use cases in this process, in the name of one caller; the rules of who may what are asked here.
package struct LocalChat: Sendable {
    package let chat: Chat
    package let caller: Caller

    var store: any Store { chat.store }

    func now() -> Timestamp { chat.clock.now() }

    /// The caller's standing in a room.
    ///
    /// An operator stands as an administrator everywhere; `archived`, bans and mutes are still reported.
    /// - Throws: `roomNotFound`.
    package func access(to name: RoomName) async throws(ChatError) -> RoomAccess {
        guard let found = try await store.access(to: name, for: caller.user?.id, at: now()) else { throw .noRoom(name) }
        guard caller.isOperator else { return found }
        return RoomAccess(
            room: found.room, kind: found.kind, isArchived: found.isArchived, lastSeq: found.lastSeq,
            role: found.role, isBanned: found.isBanned, isMuted: found.isMuted, isSiteAdmin: true)
    }

    /// The caller's standing in a room they may read.
    ///
    /// - Throws: `roomNotFound`, `banned`, `notAMember`.
    package func readableRoom(_ name: RoomName) async throws(ChatError) -> RoomAccess {
        let access = try await access(to: name)
        // Who opened the database can read all of it, so nothing is gained by refusing a direct room.
        if !caller.isOperator { try access.requireReading() }
        return access
    }

    /// Why the caller may no longer read a room they have joined, nil when they may.
    package func lossOfReading(_ room: RoomReference) async throws(ChatError) -> RemovalReason? {
        // It may have another name by now.
        guard let present = try await store.room(room.id) else { return .deleted }
        do throws(ChatError) {
            _ = try await readableRoom(present.name)
            return nil
        } catch {
            switch error.code {
            case .banned: return .banned
            case .notAMember: return .removed
            case .roomNotFound: return .deleted
            default: throw error
            }
        }
    }

    func existingUser(_ name: Username) async throws(ChatError) -> User {
        guard let user = try await store.user(named: name) else { throw .noUser(name) }
        return user
    }
}
