import ChatCore
import NIOCore

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
}
