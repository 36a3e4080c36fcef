import ChatCore

/// A store that tells a test of some calls before it makes them on a real one; the test may hold a call or refuse it.
package final class WatchedStore {
    /// The calls that tests hold, refuse or count.
    package enum Call: Sendable, Equatable {
        case append(count: Int)
        case messages(after: MessageRange)
        case lastSeq
        case lastSeqs
        case message(seq: Int64)
        case changes
        case markRead([ReadMark])
        case registerNode
        case renewLease
        case sweepNodes
        case writeSeats([SeatCount])
        case onlineCount
        case onlineCounts
    }

    let store: any Store
    private let before: @Sendable (Call) async throws(ChatError) -> Void

    package init(_ store: any Store, before: @escaping @Sendable (Call) async throws(ChatError) -> Void) {
        self.store = store
        self.before = before
    }
}

extension WatchedStore: SearchIndexStore {
    package func indexMessages() async throws(ChatError) -> Bool { try await store.indexMessages() }
}

extension WatchedStore: MessageStore {
    package func editMessage(
        in room: RoomReference, seq: Int64, to body: MessageBody, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Message? {
        try await store.editMessage(in: room, seq: seq, to: body, at: moment, act: act)
    }

    package func append(
        _ drafts: [Draft], at moment: Timestamp
    ) async throws(ChatError) -> Commit<[Result<Appended, ChatError>]> {
        try await before(.append(count: drafts.count))
        return try await store.append(drafts, at: moment)
    }

    package func messages(
        in room: RoomReference, _ range: MessageRange, limit: Int
    ) async throws(ChatError) -> [Message] {
        try await before(.messages(after: range))
        return try await store.messages(in: room, range, limit: limit)
    }

    package func message(in room: RoomReference, seq: Int64) async throws(ChatError) -> Message? {
        try await before(.message(seq: seq))
        return try await store.message(in: room, seq: seq)
    }

    package func lastSeq(of room: RoomID) async throws(ChatError) -> Int64? {
        try await before(.lastSeq)
        return try await store.lastSeq(of: room)
    }

    package func lastSeqs(of rooms: [RoomID]) async throws(ChatError) -> [RoomID: Int64] {
        try await before(.lastSeqs)
        return try await store.lastSeqs(of: rooms)
    }

    package func deleteMessage(
        in room: RoomID, seq: Int64, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Bool {
        try await store.deleteMessage(in: room, seq: seq, at: moment, act: act)
    }

    package func search(
        _ text: String, in room: RoomID?, before: Int64?, visibleTo user: User?, limit: Int, at moment: Timestamp
    ) async throws(ChatError) -> [Message] {
        try await store.search(text, in: room, before: before, visibleTo: user, limit: limit, at: moment)
    }

    package func markRead(_ marks: [ReadMark]) async throws(ChatError) {
        try await before(.markRead(marks))
        try await store.markRead(marks)
    }
}

extension WatchedStore: ChangeStore {
    package func changes(since moment: Timestamp, limit: Int) async throws(ChatError) -> Changes {
        try await before(.changes)
        return try await store.changes(since: moment, limit: limit)
    }
}

extension WatchedStore: PresenceStore {
    package func registerNode(
        named name: String, at moment: Timestamp, leaseUntil: Timestamp
    ) async throws(ChatError) -> (node: NodeID, changes: [PresenceChange]) {
        try await before(.registerNode)
        return try await store.registerNode(named: name, at: moment, leaseUntil: leaseUntil)
    }

    package func renewLease(of node: NodeID, until: Timestamp) async throws(ChatError) -> Bool {
        try await before(.renewLease)
        return try await store.renewLease(of: node, until: until)
    }

    package func sweepNodes(at moment: Timestamp) async throws(ChatError) -> [PresenceChange] {
        try await before(.sweepNodes)
        return try await store.sweepNodes(at: moment)
    }

    package func removeNode(_ node: NodeID, at moment: Timestamp) async throws(ChatError) -> [PresenceChange] {
        try await store.removeNode(node, at: moment)
    }

    package func writeSeats(
        _ counts: [SeatCount], of node: NodeID, at moment: Timestamp
    ) async throws(ChatError) -> [PresenceChange] {
        try await before(.writeSeats(counts))
        return try await store.writeSeats(counts, of: node, at: moment)
    }

    package func onlineUsers(in room: RoomID, at moment: Timestamp) async throws(ChatError) -> [OnlineUser] {
        try await store.onlineUsers(in: room, at: moment)
    }

    package func onlineCounts(in rooms: [RoomID], at moment: Timestamp) async throws(ChatError) -> [RoomID: Int] {
        try await before(.onlineCounts)
        return try await store.onlineCounts(in: rooms, at: moment)
    }

    package func onlineCount(in room: RoomID, at moment: Timestamp) async throws(ChatError) -> Int {
        try await before(.onlineCount)
        return try await store.onlineCount(in: room, at: moment)
    }
}

extension WatchedStore: InstallationStore {
    package func epoch() async throws(ChatError) -> String { try await store.epoch() }
    package var writer: (any TaskExecutor)? { store.writer }
    package var reader: (any TaskExecutor)? { store.reader }
    package func prepareToServe() async { await store.prepareToServe() }
    package func releaseMemory() async { await store.releaseMemory() }

    package func fault() async -> ChatError? { await store.fault() }
}

extension WatchedStore: AuditStore {
    package func audit(limit: Int) async throws(ChatError) -> [AuditEntry] { try await store.audit(limit: limit) }
}
