import ChatCore

// NIO keeps each write that waits for its socket in a buffer of its own, and NIOSSL encrypts it into one of at least 16 KiB:
// a thousand short messages handed over one by one held 16 MB. So NIO gets one part at a time, and the rest waits here in one
// piece.

/// Queues the bytes for one socket, within ``Limits/outboxBytes``.
struct Outbox {
    enum Addition {
        case first
        case queued
        case overflow
    }

    /// Queued in this event loop turn.
    private var queued: [UInt8] = []
    /// Bytes handed to NIO, or to TLS below it, and not yet accepted by the socket.
    private var waiting = 0

    var isEmpty: Bool { queued.isEmpty && waiting == 0 }
    var bytes: Int { queued.count + waiting }
    var isWaitingForNIO: Bool { waiting > 0 }

    mutating func add(_ bytes: [UInt8]) -> Addition {
        guard waiting + queued.count + bytes.count <= Limits.outboxBytes else { return .overflow }
        guard queued.isEmpty else {
            queued.append(contentsOf: bytes)
            return .queued
        }
        queued = bytes
        return .first
    }

    /// The queued bytes, to be sent now; nil while the socket is behind.
    mutating func take() -> [UInt8]? {
        guard !queued.isEmpty, waiting == 0 else { return nil }
        defer { queued = [] }
        return queued
    }

    /// Takes back what the socket did not accept at once. Returns the part of it to hand to NIO now.
    mutating func handOver(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let part = rest.prefix(Limits.outboxPartBytes)
        queued = Array(rest.dropFirst(part.count))
        waiting = part.count
        return part
    }

    /// Returns all that is queued, to hand it to NIO as the last bytes of the connection.
    mutating func handOverAll() -> [UInt8] {
        defer { queued = [] }
        waiting += queued.count
        return queued
    }

    mutating func discardQueued() { queued = [] }

    /// The socket has accepted what NIO had.
    mutating func written() { waiting = 0 }
}
