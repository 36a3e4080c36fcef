import Synchronization

/// Typing notices not yet sent to the other nodes; each user and room appears once.
struct TypingQueue: Sendable {
    private struct Entry: Hashable {
        let room: RoomReference
        let username: Username
    }

    private var waiting: [Entry] = []
    private var known: Set<Entry> = []

    /// Drops duplicates, and everything beyond ``Limits/typingQueue``.
    mutating func add(_ room: RoomReference, _ username: Username) {
        let entry = Entry(room: room, username: username)
        guard waiting.count < Limits.typingQueue, known.insert(entry).inserted else { return }
        waiting.append(entry)
    }

    mutating func takeAll() -> [Event] {
        defer { (waiting, known) = ([], []) }
        return waiting.map { .typing(room: $0.room, username: $0.username) }
    }
}

/// Sends typing notices to other nodes in batches, at most one per ``Limits/typingPause``. Typing is ephemeral, and on
/// a bus that writes to the database it must never delay a message.
final class TypingRelay: Sendable {
    private struct State {
        var queue = TypingQueue()
        var isSending = false
    }

    private let bus: any Bus
    private let state = Mutex(State())

    init(bus: any Bus) {
        self.bus = bus
    }

    func send(_ room: RoomReference, _ username: Username) {
        let mustStart = state.withLock { state in
            state.queue.add(room, username)
            defer { state.isSending = true }
            return !state.isSending
        }
        if mustStart { Task { await self.sendAll() } }
    }

    private func sendAll() async {
        while let events = next() {
            // Not retried: a late typing notice is worthless.
            try? await bus.publish(events)
            try? await Task.sleep(for: Limits.typingPause)
        }
    }

    private func next() -> [Event]? {
        state.withLock { state in
            let events = state.queue.takeAll()
            state.isSending = !events.isEmpty
            return events.isEmpty ? nil : events
        }
    }
}
