import ChatCore

/// Queues the bytes for one socket, within ``Limits/outboxBytes``.
struct Outbox {
    enum Addition {
        case first
        case queued
        case overflow
    }

    /// Queued in this event loop turn.
    private var queued: [UInt8] = []
    /// Bytes handed to NIO and not yet accepted by the socket.
    private var waiting = 0

    var isEmpty: Bool { queued.isEmpty && waiting == 0 }
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

    mutating func take() -> [UInt8]? {
        guard !queued.isEmpty else { return nil }
        defer { queued = [] }
        return queued
    }

    mutating func discardQueued() { queued = [] }

    mutating func handedOver(_ count: Int) { waiting += count }

    mutating func written(_ count: Int) { waiting -= count }
}
