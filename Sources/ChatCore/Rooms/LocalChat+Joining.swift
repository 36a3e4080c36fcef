extension LocalChat {
    /// Checks the right to join, and opens the room's feed.
    ///
    /// - Throws: `roomNotFound`, `banned`, `notAMember`, `unavailable`.
    package func admit(_ request: JoinRequest) async throws(ChatError) -> JoinAdmission {
        let access = try await readableRoom(request.room)
        try await chat.delivery.open(access.room)
        // On another node the client may have seen more than this node has delivered yet.
        if let after = request.after, after <= access.lastSeq {
            try await chat.delivery.grown(access.room.id, to: after)
        }
        return JoinAdmission(
            request: request, access: access, onlineCount: try await chat.onlineCount(in: access.room.id),
            epoch: try await chat.epoch(of: access.room.id))
    }

    /// Reads the messages a plan replays and returns the outcome of the join.
    package func carryOut(_ plan: JoinPlan, in room: RoomReference) async -> JoinOutcome {
        guard case .replay(var after, let cut) = plan else { return plan.outcome(of: nil) }
        var (missed, bytes) = ([Message](), 0)
        while after < cut {
            let limit = min(Limits.replayChunk, Int(cut - after))
            guard let part = try? await store.messages(in: room, .after(after), limit: limit) else {
                return plan.outcome(of: nil)
            }
            guard let last = part.last?.seq else { break }
            missed += part
            bytes += part.reduce(0) { $0 + $1.sentBytes }
            if bytes > Limits.replayBytes { return .joined([], recovered: false) }
            after = last
        }
        return plan.outcome(of: missed)
    }

    /// Counts one of the caller's connections as joined.
    ///
    /// - Returns: true if it is the user's first in the room on this node.
    package func enter(_ room: RoomReference) -> Bool {
        guard let user = caller.user else { return false }
        chat.report(.joined(room.name))
        return chat.presence.enter(Seat(room: room.id, user: user.id))
    }

    package func leave(_ room: RoomReference) {
        guard let user = caller.user else { return }
        chat.presence.leave(Seat(room: room.id, user: user.id))
    }

    /// The reason why the caller may no longer read a room they have joined; nil if they still may.
    package func lossOfReading(_ room: RoomReference) async throws(ChatError) -> RemovalReason? {
        do throws(ChatError) {
            _ = try await readableRoom(room)
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

    /// The reason why the caller may no longer be connected; nil if they still may.
    package func lossOfSession() async throws(ChatError) -> SessionLoss? {
        guard let token = caller.tokenID, let user = caller.user else { return nil }
        if try await store.isLive(token: token, at: now()) { return nil }
        let account = try await store.user(named: user.username)
        return account.map { $0.id != user.id || $0.isDisabled } ?? true ? .disabled : .ended
    }
}
