extension LocalChat {
    /// Judges a join, and opens the room's feed.
    ///
    /// - Throws: `roomNotFound`, `banned`, `notAMember`, `unavailable`.
    package func admit(_ request: JoinRequest) async throws(ChatError) -> JoinAdmission {
        let access = try await readableRoom(request.room)
        try await chat.delivery.open(access.room)
        // The client may have seen more on another node than this one has passed on.
        if let after = request.after, after <= access.lastSeq { await chat.delivery.grown(access.room.id, to: after) }
        return JoinAdmission(
            request: request, access: access, onlineCount: try await chat.onlineCount(in: access.room.id),
            epoch: try await chat.epoch())
    }

    /// Reads what a plan replays and says how the join ends.
    package func carryOut(_ plan: JoinPlan, in room: RoomReference) async -> JoinOutcome {
        guard case .replay(let after, _) = plan else { return plan.outcome(of: nil) }
        return plan.outcome(of: try? await store.messages(in: room, .after(after), limit: Limits.replayMessages))
    }

    /// Counts a connection of the caller's as joined.
    ///
    /// - Returns: true when it is the user's first in the room on this node.
    package func enter(_ room: RoomReference) -> Bool {
        guard let user = caller.user else { return false }
        chat.report(.joined(room.name))
        return chat.presence.enter(Seat(room: room.id, user: user.id))
    }

    package func leave(_ room: RoomReference) {
        guard let user = caller.user else { return }
        chat.presence.leave(Seat(room: room.id, user: user.id))
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

    /// False once the token that proved who calls has expired or was revoked, or its account was disabled.
    package func isSessionLive() async throws(ChatError) -> Bool {
        guard let token = caller.tokenID else { return true }
        return try await store.isLive(token: token, at: now())
    }
}
