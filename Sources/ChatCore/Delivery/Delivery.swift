import Synchronization

// Stands between commits and buses on one side and the hubs on the other. All hubs get their items under one lock,
// so what one room's feed lets through reaches every hub in the same order.

/// Orders a node's messages per room and passes them to its hubs.
package final class Delivery: Sendable {
    private struct OpenRoom {
        var reference: RoomReference
        var feed: RoomFeed
        var hubs: [any Hub] = []
        /// Hubs that read the log themselves.
        var logReaders: [any Hub] = []
        var isFilling = false
        /// The count of online users that was last read; 10,000 joins must not count 10,000 rows each.
        var onlineCount: Int?

        var isUnused: Bool { hubs.isEmpty && logReaders.isEmpty }
    }

    private struct State {
        var rooms: [RoomID: OpenRoom] = [:]
        var hubs: [any Hub] = []
    }

    private let store: any MessageStore
    private let bus: any Bus
    private let coder: any EventCoder
    private let state = Mutex(State())

    package init(store: any MessageStore, bus: any Bus, coder: any EventCoder) {
        self.store = store
        self.bus = bus
        self.coder = coder
    }

    // MARK: Hubs

    /// Adds hubs that get what concerns no single room.
    package func add(_ hubs: [any Hub]) {
        state.withLock { $0.hubs += hubs }
    }

    package func remove(_ hub: any Hub) {
        state.withLock { $0.hubs.removeAll { $0 === hub } }
    }

    /// Makes sure the room is followed from its present end, or from an earlier point already.
    ///
    /// - Throws: `roomNotFound`, `unavailable`.
    package func open(_ room: RoomReference) async throws(ChatError) {
        guard state.withLock({ $0.rooms[room.id] == nil }) else { return }
        guard let last = try await store.lastSeq(of: room.id) else { throw .noRoom(room.name) }
        state.withLock { state in
            if state.rooms[room.id] == nil {
                state.rooms[room.id] = OpenRoom(reference: room, feed: RoomFeed(position: last))
                // Within the lock, so that the bus hears of opening and closing in their order.
                bus.follow(room.id)
            }
        }
        // A commit between the read and the opening went unheard: the log tells.
        await fill(room.id)
    }

    /// Brings `hub` into an open room; it gets `.open` and then every later batch. No-op if it is in already.
    ///
    /// - Returns: false when the room is not open, or no longer.
    @discardableResult
    package func attach(_ hub: any Hub, to room: RoomID) -> Bool {
        state.withLock { state in
            guard let open = state.rooms[room] else { return false }
            guard !(open.hubs + open.logReaders).contains(where: { $0 === hub }) else { return true }
            if hub.readsLog {
                state.rooms[room]?.logReaders.append(hub)
            } else {
                state.rooms[room]?.hubs.append(hub)
            }
            hub.post(.open(room, position: open.feed.position))
            return true
        }
    }

    /// Takes `hub` out of the room, and closes a room that no hub is in.
    package func detach(_ hub: any Hub, from room: RoomID) {
        state.withLock { state in
            state.rooms[room]?.hubs.removeAll { $0 === hub }
            state.rooms[room]?.logReaders.removeAll { $0 === hub }
            if state.rooms[room]?.isUnused == true {
                state.rooms[room] = nil
                bus.unfollow(room)
            }
        }
    }

    package func isOpen(_ room: RoomID) -> Bool {
        state.withLock { $0.rooms[room] != nil }
    }

    /// The last `seq` passed on in a room, nil when the room is not open.
    package func position(in room: RoomID) -> Int64? {
        state.withLock { $0.rooms[room]?.feed.position }
    }

    /// Takes over a room's present name, which messages read from the log will bear.
    package func rename(_ room: RoomReference) {
        state.withLock { $0.rooms[room.id]?.reference = room }
    }

    /// The count of online users last read for an open room.
    package func onlineCount(in room: RoomID) -> Int? {
        state.withLock { $0.rooms[room]?.onlineCount }
    }

    package func setOnlineCount(_ count: Int, in room: RoomID) {
        state.withLock { $0.rooms[room]?.onlineCount = count }
    }

    package func openRooms() -> [RoomReference] {
        state.withLock { $0.rooms.values.map(\.reference) }
    }

    /// Passes an item to every hub.
    package func post(_ item: HubItem) {
        state.withLock { state in for hub in state.hubs { hub.post(item) } }
    }

    // MARK: Messages

    /// Takes a committed batch from this process or a bus.
    package func accept(_ batch: MessageBatch) {
        let mustFill = state.withLock { state in Self.accept(batch, in: &state) }
        guard mustFill else { return }
        Task {
            try? await Task.sleep(for: Limits.gapWait)
            await self.fill(batch.room, releasing: true)
        }
    }

    /// The room's log has grown to at least `seq`, as far as somebody says.
    package func grown(_ room: RoomID, to seq: Int64) async {
        let mustFill = state.withLock { state in
            guard let open = state.rooms[room], open.feed.position < seq else { return false }
            guard open.hubs.isEmpty else { return true }
            // Nobody here needs the bytes.
            state.rooms[room]?.feed = RoomFeed(position: seq)
            for hub in open.logReaders { hub.post(.grown(room, seq: seq)) }
            return false
        }
        if mustFill { await fill(room) }
    }

    /// Checks one room against its log.
    package func check(_ room: RoomID) async {
        guard isOpen(room), let last = try? await store.lastSeq(of: room) else { return }
        await grown(room, to: last)
    }

    /// Checks every open room against its log: one query for all, then a read for each that is behind.
    package func checkAll() async {
        let behind = await roomsBehind()
        guard !behind.isEmpty else { return }
        // Most of them are in the middle of a commit of this node or of a delivery by the bus.
        try? await Task.sleep(for: Limits.gapWait)
        for (room, last) in behind { await grown(room, to: last) }
    }

    private func roomsBehind() async -> [RoomID: Int64] {
        let positions = state.withLock { $0.rooms.mapValues(\.feed.position) }
        guard !positions.isEmpty, let ends = try? await store.lastSeqs(of: Array(positions.keys)) else { return [:] }
        return ends.filter { room, last in positions[room].map { $0 < last } ?? false }
    }

    /// - Returns: true when a gap was opened that nobody is filling yet.
    private static func accept(_ batch: MessageBatch, in state: inout State) -> Bool {
        guard var open = state.rooms[batch.room] else { return false }
        let outcome = open.feed.accept(batch)
        for ready in outcome.ready {
            for hub in open.hubs { hub.post(.batch(ready)) }
            for hub in open.logReaders { hub.post(.grown(batch.room, seq: ready.lastSeq)) }
        }
        let mustFill = outcome.hasGap && !open.isFilling
        open.isFilling = open.isFilling || mustFill
        state.rooms[batch.room] = open
        return mustFill
    }

    /// Reads the log behind the room's position and passes it on.
    private func fill(_ room: RoomID, releasing: Bool = false) async {
        if releasing { state.withLock { $0.rooms[room]?.isFilling = false } }
        while let open = state.withLock({ $0.rooms[room] }) {
            let page = try? await store.messages(
                in: open.reference, .after(open.feed.position), limit: Limits.replayMessages)
            guard let page, !page.isEmpty else { return }
            for batch in Self.runs(page).compactMap(coder.batch) { accept(batch) }
            if page.count < Limits.replayMessages { return }
        }
    }

    /// Splits messages where `seq` jumps; retention may have removed some.
    private static func runs(_ messages: [Message]) -> [[Message]] {
        messages.reduce(into: []) { runs, message in
            if let last = runs.last?.last, last.seq + 1 == message.seq {
                runs[runs.count - 1].append(message)
            } else {
                runs.append([message])
            }
        }
    }
}
