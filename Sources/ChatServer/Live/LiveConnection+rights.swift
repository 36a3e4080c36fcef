import ChatCore
import ChatWire
import NIOCore

// What a connection's user may no longer do, and rooms that change under it.

extension LiveConnection {
    /// Checks that the session is still valid and the joined rooms are still readable, and ends what is not; tries until the
    /// database has answered or the connection has ended. May be called from any thread.
    func recheck() async {
        while !(await checkRights()), !Task.isCancelled,
            (try? await hub.loop.submit { self.hub.isHolding(self) }.get()) == true
        {
            try? await Task.sleep(for: Limits.gapRetry)
        }
    }

    /// - Returns: false if the database did not answer.
    private func checkRights() async -> Bool {
        let rooms = try? await hub.loop.submit { self.subscriptions.values.map(\.room) }.get()
        do throws(ChatError) {
            if let loss = try await service.lossOfSession() {
                hub.loop.execute { self.close(after: loss) }
                return true
            }
            for room in rooms ?? [] {
                guard let reason = try await service.lossOfReading(room) else { continue }
                hub.loop.execute { self.lose(room, reason: reason) }
            }
            return true
        } catch {
            return false
        }
    }

    private func close(after loss: SessionLoss) {
        switch loss {
        case .ended: close(.sessionEnded, "the session ended")
        case .disabled: close(.forbidden, "the account is disabled")
        }
    }

    func lose(_ room: RoomReference, reason: RemovalReason) {
        revision += 1
        enqueue(ServerFrame.removed(room: room.name, reason: reason))
        let subscription = subscriptions[room.id]
        if let subscription { leave(subscription) }
        // Also under an earlier name of the room: the two events may come in either order.
        if !isMultiplexed, subscription != nil || session.onlyRoom == room.name { close(.forbidden, reason.rawValue) }
    }

    func renamed(_ room: RoomReference) {
        session.renamed(room)
        subscriptions[room.id]?.room = room
    }

    /// Returns true if this connection ends with the given token; nil stands for all log-in sessions.
    func isEnded(byEndOf token: Int64?) -> Bool {
        token.map { $0 == tokenID } ?? isSession
    }
}
