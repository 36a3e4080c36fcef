import Synchronization

/// The core of one process: the rules over a store, a bus and, in a server, the hubs of live connections.
package final class Chat: Sendable {
    package let store: any Store
    package let bus: any Bus
    package let secrets: any SecretKeeper
    package let clock: WallClock
    package let delivery: Delivery
    package let journal: Journal
    private let coder: any EventCoder
    let rates = Mutex(RateLimits())
    let logins = Mutex(LoginGuard())

    package init(
        store: any Store, bus: any Bus, secrets: any SecretKeeper, coder: any EventCoder, clock: WallClock
    ) {
        self.store = store
        self.bus = bus
        self.secrets = secrets
        self.clock = clock
        self.coder = coder
        let delivery = Delivery(store: store, coder: coder)
        self.delivery = delivery
        journal = Journal(store: store, clock: clock) { messages in
            for run in Self.runs(messages) {
                let batch = coder.batch(run)
                delivery.accept(batch)
                // The log has the messages; a bus that is out costs delay, not messages.
                try? await bus.publish(batch)
            }
        }
    }

    /// The use cases in the name of `caller`.
    package func service(for caller: Caller) -> LocalChat {
        LocalChat(chat: self, caller: caller)
    }

    /// Tells this node's hubs and all other nodes.
    package func announce(_ events: [Event]) async {
        for event in events { await receive(event) }
        try? await bus.publish(events)
    }

    /// Begins to pass on what other processes publish, in the order in which it comes.
    package func startListening() async throws(ChatError) {
        let (arrivals, door) = AsyncStream<[BusEvent]>.makeStream(bufferingPolicy: .bufferingOldest(Limits.busQueue))
        Task { [weak self] in
            for await events in arrivals {
                // Events first: a message behind a rename is to be shown under the new name.
                for event in events where !event.isGrowth { await self?.receive(event) }
                for event in events where event.isGrowth { await self?.receive(event) }
            }
        }
        // What overflows is lost to presence and typing only: messages are read from the log at the next ring.
        try await bus.start { door.yield($0) }
    }

    /// Whether `user` may post now, by the rate of messages; administrators always may.
    package func spendMessage(of user: User) throws(ChatError) {
        guard !user.isAdmin else { return }
        let moment = clock.now()
        let refusal = rates.withLock { rates -> ChatError? in
            do throws(ChatError) { try rates.take(for: user.id, at: moment) } catch { return error }
            return nil
        }
        if let refusal { throw refusal }
    }

    private func receive(_ event: BusEvent) async {
        switch event {
        case .grown(let room, let seq): await delivery.grown(room, to: seq)
        case .event(let event): await receive(event)
        case .gap: await delivery.fillAll()
        }
    }

    /// The count of online users of an open room, counted anew only after somebody came or went.
    package func onlineCount(in room: RoomID) async throws(ChatError) -> Int {
        if let known = delivery.onlineCount(in: room) { return known }
        return try await countOnline(in: room)
    }

    private func countOnline(in room: RoomID) async throws(ChatError) -> Int {
        let count = try await store.onlineCount(in: room, at: clock.now())
        delivery.setOnlineCount(count, in: room)
        return count
    }

    /// Passes an event to this node's hubs, with what they need to show it.
    private func receive(_ event: Event) async {
        switch event {
        case .presence(let change):
            guard delivery.isOpen(change.room.id), let count = try? await countOnline(in: change.room.id) else {
                return
            }
            delivery.post(.presence(change, onlineCount: count))
        case .roomChanged(let reference), .roomGained(_, let reference):
            guard let room = try? await store.room(reference.id) else { return }
            let gainers: [UserID]? = if case .roomGained(let user, _) = event { [user] } else { nil }
            delivery.rename(room.reference)
            let members = if let gainers { gainers } else { (try? await store.memberIDs(of: room.id)) ?? [] }
            delivery.post(.room(room, members: members))
        default:
            delivery.post(.event(event))
        }
    }

    /// Groups new messages by room, in the order of their `seq`.
    private static func runs(_ messages: [Message]) -> [[Message]] {
        guard let first = messages.first else { return [] }
        if messages.allSatisfy({ $0.room.id == first.room.id }) { return [messages] }
        return Array(Dictionary(grouping: messages, by: \.room.id).values)
    }
}
