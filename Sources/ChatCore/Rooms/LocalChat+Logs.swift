extension LocalChat: LogService {
    /// How often a name may change while it is looked up.
    private static let mostTries = 5

    package func log(of room: RoomName) async throws(ChatError) -> RoomLog {
        try await log(readableRoom(room))
    }

    package func log(epoch: String) async throws(ChatError) -> RoomLog? {
        do throws(ChatError) {
            guard let access = try await readableRoom(epoch: epoch) else { return nil }
            return try await log(access)
        } catch  where error.code == .banned || error.code == .notAMember {
            return nil
        }
    }

    package func messages(
        of log: RoomLog, _ range: MessageRange, limit: Int
    ) async throws(ChatError) -> [Message] {
        guard let access = try await readableRoom(epoch: log.epoch) else { throw .noRoom(log.name) }
        return try await store.messages(in: access.room, range, limit: limit)
    }

    /// The room whose log has an epoch; nil when it is gone or the caller may not read it.
    package func room(epoch: String) async throws(ChatError) -> Room? {
        guard let log = try await log(epoch: epoch), let id = try await chat.room(ofEpoch: epoch) else { return nil }
        guard let room = try await store.room(id, at: now()), room.name == log.name else { return nil }
        return room
    }

    /// The epoch of a room's log.
    package func epoch(of room: Room) async throws(ChatError) -> String { try await chat.epoch(of: room.id) }

    /// The caller's rights in the room whose log has an epoch; nil when it is gone.
    ///
    /// - Throws: `banned`, `notAMember`, `unavailable` when the room is being renamed again and again.
    func readableRoom(epoch: String) async throws(ChatError) -> RoomAccess? {
        guard let id = try await chat.room(ofEpoch: epoch) else { return nil }
        for _ in 0..<Self.mostTries {
            guard let room = try await store.room(id, at: now()) else { return nil }
            do throws(ChatError) {
                let access = try await readableRoom(room.name)
                if access.room.id == id { return access }
            } catch {
                // Another room may have the name by now, and it is that one which must not be read.
                guard try await store.room(id, at: now())?.name != room.name else {
                    if error.code == .roomNotFound { return nil }
                    throw error
                }
            }
        }
        throw ChatError(.unavailable, "room: its name changes too often", hint: "try again")
    }

    private func log(_ access: RoomAccess) async throws(ChatError) -> RoomLog {
        RoomLog(
            name: access.room.name, epoch: try await chat.epoch(of: access.room.id), lastSeq: access.lastSeq)
    }
}
