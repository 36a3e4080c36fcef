// The way from what happened to everyone who should hear of it. What is encoded here goes as bytes to this node's
// hubs and over the bus, and is never encoded again.

/// Hears of each commit before its senders do.
package protocol CommitListener: Sendable {
    /// New messages, durable by now, in the order of their `seq` in each room.
    func committed(_ messages: [Message]) async
}

/// Tells this node's hubs and the other nodes of messages and events.
final class Broadcaster: CommitListener {
    let delivery: Delivery
    private let store: any RoomStore & MemberStore & PresenceStore
    private let bus: any Bus
    private let coder: any EventCoder
    private let clock: WallClock

    init(store: any Store, bus: any Bus, coder: any EventCoder, clock: WallClock) {
        self.store = store
        self.bus = bus
        self.coder = coder
        self.clock = clock
        delivery = Delivery(store: store, bus: bus, coder: coder)
    }

    func committed(_ messages: [Message]) async {
        for run in Self.byRoom(messages) {
            guard let batch = coder.batch(run) else { continue }
            delivery.accept(batch)
            // The log has the messages; a bus that is out costs delay, not messages.
            try? await bus.publish(batch)
        }
    }

    /// Tells this node's hubs and all other nodes.
    func announce(_ events: [Event]) async {
        for event in events { await show(event) }
        try? await bus.publish(events)
    }

    /// Passes an event to this node's hubs, with what they need to show it.
    func show(_ event: Event) async {
        switch event {
        case .presence(let change): await show(change)
        case .roomChanged(let room): await show(room, to: nil)
        case .roomGained(let user, let room): await show(room, to: [user])
        case .messageDeleted, .typing, .removed, .roomDeleted, .disabled, .sessionEnded: delivery.post(.event(event))
        }
    }

    /// Makes up for what the bus may have lost: messages, who is online, and whose rights or sessions have ended.
    func recheckAll() async {
        await delivery.checkAll()
        delivery.post(.recheck)
        for room in delivery.openRooms() {
            guard let known = delivery.onlineCount(in: room.id), let count = try? await countOnline(in: room.id),
                count != known
            else { continue }
            delivery.post(.presence(PresenceChange(room: room), onlineCount: count))
        }
    }

    /// The count of online users of an open room, counted anew only after somebody came or went.
    func onlineCount(in room: RoomID) async throws(ChatError) -> Int {
        if let known = delivery.onlineCount(in: room) { return known }
        return try await countOnline(in: room)
    }

    private func countOnline(in room: RoomID) async throws(ChatError) -> Int {
        let count = try await store.onlineCount(in: room, at: clock.now())
        delivery.setOnlineCount(count, in: room)
        return count
    }

    private func show(_ change: PresenceChange) async {
        guard delivery.isOpen(change.room.id), let count = try? await countOnline(in: change.room.id) else { return }
        delivery.post(.presence(change, onlineCount: count))
    }

    /// Shows a room's present shape to who has joined it and to `users`, all members if nil.
    private func show(_ reference: RoomReference, to users: [UserID]?) async {
        guard let room = try? await store.room(reference.id) else { return }
        delivery.rename(room.reference)
        let members = if let users { users } else { (try? await store.memberIDs(of: room.id)) ?? [] }
        delivery.post(.room(room, members: members))
    }

    /// Groups new messages by room, in the order of their `seq`.
    private static func byRoom(_ messages: [Message]) -> [[Message]] {
        guard let first = messages.first else { return [] }
        if messages.allSatisfy({ $0.room.id == first.room.id }) { return [messages] }
        return Array(Dictionary(grouping: messages, by: \.room.id).values)
    }
}
