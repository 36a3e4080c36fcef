import ChatCore
import ChatSQL
import Dispatch
import Glibc
import Synchronization

// LISTEN and NOTIFY carry which rooms' logs grew, not the messages: a notification holds 8,000 bytes at most, and the
// reader has the log. Notifications are sent beside the transactions, not in them: a transaction that notifies holds a
// lock on the whole database while it commits. What waits is put together, so a busy node sends few of them.

/// The bus of processes that share a PostgreSQL database.
final class PostgreSQLBus: Bus {
    let hearsEveryCommit = false
    private let driver: PostgreSQLDriver
    private let thread = DispatchQueue(label: "chatctl.postgres-bus")
    private let state = Mutex(State())

    private struct State {
        var outgoing = Notifications()
        /// Whoever listens; nil before the start and after the stop.
        var listener: PostgreSQLListener?
    }

    init(driver: PostgreSQLDriver) {
        self.driver = driver
    }

    func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {
        await stop()
        let listener = try PostgreSQLListener(
            driver, receive, takeOutgoing: { [weak self] in self?.state.withLock { $0.outgoing.take() } ?? [] },
            putBack: { [weak self] payloads in self?.state.withLock { $0.outgoing.putBack(payloads) } })
        let first: Result<Void, ChatError> = await withCheckedContinuation { continuation in
            thread.async {
                continuation.resume(returning: Result { () throws(ChatError) in try listener.connect() })
            }
        }
        try first.get()
        state.withLock { $0.listener = listener }
        thread.async { listener.run() }
    }

    func follow(_ room: RoomID) {}
    func unfollow(_ room: RoomID) {}

    func publish(_ batch: MessageBatch) async throws(ChatError) {
        try await publish { $0.add(growthOf: batch.room, to: batch.lastSeq) }
    }

    func publish(_ events: [Event]) async throws(ChatError) {
        guard !events.isEmpty else { return }
        try await publish { outgoing throws(ChatError) in try outgoing.add(events) }
    }

    func fault() async -> ChatError? {
        guard let listener = state.withLock({ $0.listener }), !listener.isConnected else { return nil }
        return ChatError(.unavailable, "database \(driver.address.name): nothing is heard from it").of(.database)
    }

    func stop() async {
        let listener = state.withLock { state in
            defer { state.listener = nil }
            return state.listener
        }
        listener?.end()
        // Comes after the listening, which had the queue to itself.
        await withCheckedContinuation { continuation in thread.async { continuation.resume() } }
    }

    /// The listener sends when there is one; a process that does not listen sends at once.
    private func publish(
        _ add: (inout Notifications) throws(ChatError) -> Void
    ) async throws(ChatError) {
        let result = state.withLock { state -> Result<PostgreSQLListener?, ChatError> in
            Result { () throws(ChatError) in
                try add(&state.outgoing)
                return state.listener
            }
        }
        if let listener = try result.get() { return listener.wake() }
        let payloads = state.withLock { $0.outgoing.take() }
        try await driver.write { session throws(ChatError) in
            try session.queryEach(Notifications.statement, payloads.map { [.text($0)] })
        }
    }
}

/// What is to be said to the other nodes, put together into few payloads.
struct Notifications {
    /// The channel's name: a database may hold an installation in each of its schemas.
    static let channel = "left('chatctl_' || current_schema(), 63)"
    static let statement = "SELECT pg_notify(\(channel), $1)"
    /// Says that something was left out.
    private static let gap = "!"

    private var growth: [RoomID: Int64] = [:]
    private var events: [String] = []
    /// Stands in each event: of payloads that are alike PostgreSQL passes on but one in a transaction.
    private var number: UInt64 = 0

    mutating func add(growthOf room: RoomID, to seq: Int64) {
        growth[room] = max(growth[room] ?? 0, seq)
    }

    mutating func add(_ added: [Event]) throws(ChatError) {
        for event in added {
            number &+= 1
            let payload = "e\(number) \(try SignalCoder.encode([event]))"
            if payload.utf8.count <= Limits.notificationBytes {
                events.append(payload)
            } else {
                for part in event.halves { try add([part]) }
            }
        }
        if events.count > Limits.busQueue { events = [Self.gap] }
    }

    /// Puts back what could not be sent; what may have been sent already does no harm.
    mutating func putBack(_ payloads: [String]) {
        for payload in payloads {
            for event in Self.decode(payload) {
                if case .grown(let room, let seq) = event { add(growthOf: room, to: seq) }
            }
        }
        let unsent = payloads.filter { !$0.hasPrefix("g") }
        events = unsent.count + events.count > Limits.busQueue ? [Self.gap] : unsent + events
    }

    /// All payloads, events first: a message behind a rename is to be shown under the new name.
    mutating func take() -> [String] {
        var payloads = events
        var present = ""
        for (room, seq) in growth {
            if present.utf8.count > Limits.notificationBytes - 48 {
                payloads.append(present)
                present = ""
            }
            present += (present.isEmpty ? "g" : ",") + "\(room.value):\(seq)"
        }
        if !present.isEmpty { payloads.append(present) }
        (growth, events) = ([:], [])
        return payloads
    }

    static func decode(_ payload: String) -> [BusEvent] {
        switch payload.first {
        case "g":
            return payload.dropFirst().split(separator: ",").map { pair in
                let numbers = pair.split(separator: ":").compactMap { Int64($0) }
                return numbers.count == 2 ? .grown(RoomID(numbers[0]), seq: numbers[1]) : .gap
            }
        case "e":
            return SignalCoder.decode(String(payload.drop { $0 != " " })).map { $0.map { .event($0) } } ?? [.gap]
        default:
            return [.gap]
        }
    }
}

extension Event {
    /// The same said by two smaller events; nothing for one that is small already.
    fileprivate var halves: [Event] {
        guard case .presence(let change) = self, change.joined.count + change.left.count > 1 else { return [] }
        func part(_ names: [Username], _ isFirst: Bool) -> [Username] {
            Array(isFirst ? names.prefix((names.count + 1) / 2) : names.dropFirst((names.count + 1) / 2))
        }
        return [true, false].map { isFirst in
            .presence(
                PresenceChange(
                    room: change.room, joined: part(change.joined, isFirst), left: part(change.left, isFirst)))
        }
    }
}
