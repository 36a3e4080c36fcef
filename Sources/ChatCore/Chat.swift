import Synchronization

/// The core of one process: the rules on top of a store, a bus and, in a server, the hubs of live connections.
///
/// Frontends reach stored data and subscribers only through use cases: those of ``LocalChat`` act in a caller's name;
/// those here have no caller or run a server.
package final class Chat: Sendable {
    let store: any Store
    let bus: any Bus
    let secrets: any SecretKeeper
    package let clock: WallClock
    let observer: any Observer
    let journal: Journal
    let broadcaster: Broadcaster
    let listener: BusListener
    let presence: NodePresence
    let typing: TypingRelay
    let logins = Mutex(LoginGuard())
    let signUps = Mutex(LoginGuard("sign-up", most: Limits.signUpsPerMinute))
    /// The digest of the code with which the first administrator's account is made; nil while there is none.
    let firstRun = Mutex<[UInt8]?>(nil)
    let searches = SearchGate()
    let tokenUses = Mutex(TokenUses())
    let readMarks = Mutex(ReadMarks())
    let connections = Mutex(ConnectionCounts())
    let serving = Mutex<[Task<Void, Never>]>([])
    let parts = Mutex(PartWatch())
    /// The periodic tasks of a server, its frontends' too.
    package let rounds = Rounds()
    let restoreWatch = Mutex<Task<Void, Never>?>(nil)
    private let rates = Mutex(RateLimits())
    private let knownEpoch = Mutex<String?>(nil)

    /// - Parameter observer: receives every observation; the default discards them.
    package init(
        store: any Store, bus: any Bus, secrets: any SecretKeeper, coder: any EventCoder, clock: WallClock,
        observer: any Observer = SilentObserver()
    ) {
        self.store = store
        self.bus = bus
        self.secrets = secrets
        self.clock = clock
        self.observer = observer
        broadcaster = Broadcaster(store: store, bus: bus, coder: coder, clock: clock)
        listener = BusListener(bus: bus, broadcaster: broadcaster, rounds: rounds)
        presence = NodePresence(store: store, clock: clock, broadcaster: broadcaster)
        typing = TypingRelay(bus: bus)
        journal = Journal(store: store, clock: clock, listener: broadcaster, observer: observer)
    }

    var delivery: Delivery { broadcaster.delivery }

    /// The use cases, acting in the name of `caller`.
    package func service(for caller: Caller) -> LocalChat {
        LocalChat(chat: self, caller: caller)
    }

    /// The use cases for an operator, who has direct access to the database.
    ///
    /// - Parameter speaker: the user in whose name acts that need an author are performed.
    /// - Throws: `userNotFound`.
    package func operatorService(as speaker: Username?) async throws(ChatError) -> LocalChat {
        guard let speaker else { return service(for: .operator(as: nil)) }
        guard let user = try await store.user(named: speaker) else { throw .noUser(speaker) }
        return service(for: .operator(as: user))
    }

    /// Waits for work in flight, then stops the bus. The core must not be used afterwards.
    package func close() async {
        await stopPosting()
        await writeNotes()
        restoreWatch.withLock { $0?.cancel() }
        listener.stop()
        await bus.stop()
    }

    /// Accepts no more messages; returns once all accepted ones are durable and their senders have been answered.
    package func stopPosting() async { await journal.close() }

    /// Changes with every event that may have taken rights away, on this node or another.
    package var rightsRevision: UInt64 { broadcaster.rightsRevision.load(ordering: .sequentiallyConsistent) }

    /// Passes an observation made by a frontend to the observer.
    package func report(_ observation: Observation) { observer.observe(observation) }

    func announce(_ events: [Event]) async { await broadcaster.announce(events) }

    /// Shows this process's connections what an act changed; its transaction has told the other processes.
    func show(_ act: Act) async { for event in act.events { await broadcaster.show(event) } }

    func onlineCount(in room: RoomID) async throws(ChatError) -> Int { try await broadcaster.onlineCount(in: room) }

    /// The identifier of a room's log. A room that was deleted and made again has another one, because ids of rooms are never
    /// used twice, and so has every room of a database that was restored.
    func epoch(of room: RoomID) async throws(ChatError) -> String { "\(try await epoch()).\(room.value)" }

    /// The room whose log has an epoch; nil for a log that is none of this database. The room may be gone.
    func room(ofEpoch text: String) async throws(ChatError) -> RoomID? {
        guard let dot = text.lastIndex(of: "."), let id = Int64(text[text.index(after: dot)...]) else { return nil }
        let room = RoomID(id)
        return try await epoch(of: room) == text ? room : nil
    }

    /// The identifier of this database, cached after the first read.
    func epoch() async throws(ChatError) -> String {
        if let known = knownEpoch.withLock({ $0 }) { return known }
        let epoch = try await store.epoch()
        knownEpoch.withLock { $0 = epoch }
        return epoch
    }

    func spend(_ act: RatedAct, by user: UserID) throws(ChatError) {
        let moment = clock.now()
        do throws(ChatError) {
            try rates.withLock { rates throws(ChatError) in try rates.take(act, for: user, at: moment) }
        } catch {
            observer.observe(.limited(act, user: user))
            throw error
        }
    }

    func giveBack(_ act: RatedAct, to user: UserID) {
        rates.withLock { $0.giveBack(act, for: user) }
    }
}
