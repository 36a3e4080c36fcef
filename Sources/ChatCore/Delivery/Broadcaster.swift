// The path from a commit or an event to every subscriber. Messages are encoded here once; the same bytes go to this
// node's hubs and over the bus.

import Synchronization

/// Is told of each commit before the senders are answered.
package protocol CommitListener: Sendable {
    /// Called with new, durable messages, in `seq` order within each room.
    func committed(_ messages: [Message]) async
}

/// Sends messages and events to this node's hubs and to the other nodes.
final class Broadcaster: CommitListener {
    let delivery: Delivery
    /// Counts what may have taken rights away. Whoever judged rights before a connection was with its hub, where it hears of
    /// such events, judges again if this has changed meanwhile.
    let rightsRevision = Atomic<UInt64>(0)
    /// How many messages this process has committed.
    let committedCount = Atomic(0)
    private let store: any RoomStore & MemberStore & MessageStore & ChangeStore & PresenceStore
    private let bus: any Bus
    private let coder: any EventCoder
    private let clock: WallClock
    private let recovery = Recovery()
    /// Up to when changes by other processes were looked for; at first the start of this process, before which nobody was
    /// shown anything.
    private let caughtUpTo: Mutex<Timestamp>

    init(store: any Store, bus: any Bus, coder: any EventCoder, clock: WallClock) {
        self.store = store
        self.bus = bus
        self.coder = coder
        self.clock = clock
        caughtUpTo = Mutex(clock.now())
        delivery = Delivery(store: store, bus: bus, coder: coder)
    }

    /// Delivers what another process committed. Returns false for a damaged batch, which must not reach sockets: what comes
    /// over a bus was not necessarily written by this program.
    func accept(_ batch: MessageBatch) -> Bool {
        guard coder.isWhole(batch) else { return false }
        delivery.accept(batch)
        return true
    }

    func committed(_ messages: [Message]) async {
        committedCount.add(messages.count, ordering: .relaxed)
        for run in Self.byRoom(messages) {
            guard let batch = coder.batch(run) else { continue }
            delivery.accept(batch)
            // The messages are in the log: a bus outage delays them but loses none.
            try? await bus.publish(batch)
        }
    }

    /// Sends events to this node's hubs and to all other nodes.
    func announce(_ events: [Event]) async {
        for event in events { await show(event) }
        try? await bus.publish(events)
    }

    /// Sends an event to this node's hubs, together with the data they need to render it. If the data cannot be read now,
    /// what the event is about is found by ``recover()`` instead.
    func show(_ event: Event) async {
        if event.mayEndRights { rightsRevision.add(1, ordering: .sequentiallyConsistent) }
        do throws(ChatError) { try await render(event) } catch { recover() }
    }

    private func render(_ event: Event) async throws(ChatError) {
        switch event {
        case .presence(let change): await show(change)
        case .messageEdited(let room, let seq): try await showEdit(of: seq, in: room)
        case .roomChanged(let room): try await show(room.id, to: nil)
        case .roomGained(let user, let room): try await show(room.id, to: [user])
        case .messageDeleted, .typing, .removed, .roomDeleted, .disabled, .roleChanged, .sessionEnded:
            delivery.post(.event(event))
        }
    }

    /// Recovers from possible losses on the bus, of whatever kind.
    func recoverAll() {
        rightsRevision.add(1, ordering: .sequentiallyConsistent)
        delivery.post(.recheck)
        recover()
    }

    /// Looks for everything that other processes may have announced in vain, until that has succeeded: right after an outage
    /// the database may not answer yet.
    func recover() {
        recovery.request { [weak self] () async throws(ChatError) in try await self?.catchUp() }
    }

    /// Makes no further attempt to recover.
    func stop() { recovery.stop() }

    /// Shows this node's hubs what they may have missed: messages, changes of messages and rooms, and online counts.
    ///
    /// - Throws: `unavailable`; whatever was shown before may be shown again by the next attempt.
    private func catchUp() async throws(ChatError) {
        let begin = clock.now()
        try await delivery.checkAll()
        // What was written at a moment may be committed a little later, and by another clock.
        let changes = try await store.changes(
            since: caughtUpTo.withLock { $0 } - Limits.commitDelay, limit: Limits.missedChanges)
        for room in changes.rooms { try await show(room, to: nil) }
        for change in changes.messages where delivery.isOpen(change.room.id) {
            if change.isDeletion {
                delivery.post(.event(.messageDeleted(room: change.room, seq: change.seq)))
            } else {
                try await showEdit(of: change.seq, in: change.room)
            }
        }
        caughtUpTo.withLock { $0 = max($0, begin) }
        await confirmOnlineCounts()
    }

    /// Counts who is online in all open rooms and shows the counts where others were shown. Counts follow from events, any
    /// of which may be lost, late or computed from something old; this is what makes them true again.
    func confirmOnlineCounts() async {
        let counting = delivery.beginCounting()
        let rooms = delivery.openRooms().map(\.id)
        guard !rooms.isEmpty, let counts = try? await store.onlineCounts(in: rooms, at: clock.now()) else { return }
        delivery.confirm(counts, counting: counting)
    }

    /// The number of online users in a room; cached for open rooms until presence changes.
    func onlineCount(in room: RoomID) async throws(ChatError) -> Int {
        if let known = delivery.onlineCount(in: room) { return known }
        return try await countOnline(in: room)
    }

    private func countOnline(in room: RoomID) async throws(ChatError) -> Int {
        let counting = delivery.beginCounting()
        let count = try await store.onlineCount(in: room, at: clock.now())
        return delivery.setOnlineCount(count, in: room, counting: counting)
    }

    private func show(_ change: PresenceChange) async {
        guard delivery.isOpen(change.room.id), let count = try? await countOnline(in: change.room.id) else { return }
        delivery.post(.presence(change, onlineCount: count))
    }

    /// Sends an edited message to the room's subscribers, behind the message itself.
    private func showEdit(of seq: Int64, in room: RoomReference) async throws(ChatError) {
        guard delivery.isOpen(room.id) else { return }
        try await delivery.grown(room.id, to: seq)
        var shown: Message?
        // Of two edits at once either may be read first and posted last, so what was posted is compared with the log.
        while let message = try await store.message(in: room, seq: seq), !message.isDeleted, message != shown {
            delivery.post(.edited(message))
            shown = message
        }
    }

    /// Sends a room's current state to its subscribers and to `users`; nil means all members.
    private func show(_ id: RoomID, to users: [UserID]?) async throws(ChatError) {
        guard let room = try await store.room(id, at: clock.now()) else { return }
        delivery.rename(room.reference)
        let members = if let users { users } else { try await store.memberIDs(of: room.id) }
        delivery.post(.room(room, members: members))
    }

    /// Groups new messages by room, in the order of their `seq`.
    private static func byRoom(_ messages: [Message]) -> [[Message]] {
        guard let first = messages.first else { return [] }
        if messages.allSatisfy({ $0.room.id == first.room.id }) { return [messages] }
        return Array(Dictionary(grouping: messages, by: \.room.id).values)
    }
}
