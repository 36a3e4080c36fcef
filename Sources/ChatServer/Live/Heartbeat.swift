import ChatCore
import ChatWire
import NIOCore

// One timer an event loop, not one a connection: each second it looks at all connections of the loop and acts
// on the few whose time has come.

extension LiveHub {
    /// Begins to ping quiet connections and to close silent ones.
    func startHeartbeat() {
        loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in self.beat() }
    }

    private func beat() {
        advanceTick()
        reportCounts()
        let now = clock.now()
        let ping = UInt32(Limits.pingInterval.components.seconds)
        let silence = UInt32(Limits.silence.components.seconds)
        for connection in Array(connections.values) {
            if let end = connection.expiresAt, end <= now {
                connection.close(.sessionEnded, "the token expired")
                continue
            }
            let quiet = tick &- connection.heardAt
            if quiet >= silence {
                connection.abandon()
            } else if quiet > 0, quiet % ping == 0 {
                connection.enqueue(WebSocketFrame.encode(.ping, []))
            }
        }
        flush()
    }
}
