import ChatCore
import ChatWire
import NIOCore

// One timer per event loop, not per connection: each second it checks all connections of the loop and acts on the few
// that are due.

extension LiveHub {
    /// Starts to ping idle connections, and to close silent ones and those whose token has expired.
    func startHeartbeat() {
        loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in self.beat() }
    }

    private func beat() {
        reportBeat()
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
