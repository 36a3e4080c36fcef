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
    let tokenUses = Mutex(TokenUses())

    package init(
        store: any Store, bus: any Bus, secrets: any SecretKeeper, coder: any EventCoder, clock: WallClock
    ) {
        self.store = store
        self.bus = bus
        self.secrets = secrets
        self.clock = clock
        self.coder = coder
        let delivery = Delivery(store: store, bus: bus, coder: coder)
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
        let overflow = Overflow()
        try await bus.start { [delivery] events in
            let rest = events.filter { event in
                guard case .batch(let batch) = event else { return true }
                delivery.accept(batch)
                return false
            }
            guard !rest.isEmpty else { return }
            // What does not fit is made up for by a look at everything, with the next that does.
            let events = overflow.flag.exchange(false, ordering: .relaxed) ? [.gap] + rest : rest
            if case .dropped = door.yield(events) { overflow.flag.store(true, ordering: .relaxed) }
        }
    }

    /// Whether something that a bus brought found no room; a closure can share it.
    private final class Overflow: Sendable {
        let flag = Atomic(false)
    }

    /// Looks at the ends of all open rooms' logs now and then, until the task is cancelled: a process that died between
    /// its commit and its ring, or a bus that is out, is made up for. Returns at once when every commit rings by itself.
    package func watchLog() async {
        guard !bus.hearsEveryCommit else { return }
        while !Task.isCancelled {
            try? await Task.sleep(for: Limits.logCheck)
            await delivery.checkAll()
        }
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
        case .batch(let batch): delivery.accept(batch)
        case .grown(let room, let seq): await delivery.grown(room, to: seq)
        case .check(let room): await delivery.check(room)
        case .event(let event): await receive(event)
        case .gap: await lookAtEverything()
        }
    }

    /// Makes up for what the bus may have lost: messages, who is online, and whose rights or sessions have ended.
    private func lookAtEverything() async {
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
