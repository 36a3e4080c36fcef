import Synchronization

// Connects commits and buses to the hubs. All hubs receive their items under one lock, so every hub sees a room's
// messages in the same order.

/// Orders a node's messages per room and passes them to its hubs.
package final class Delivery: Sendable {
    private struct OpenRoom {
        var reference: RoomReference
        var feed: RoomFeed
        var hubs: [any Hub] = []
        /// Subscribed hubs that read the log themselves.
        var logReaders: [any Hub] = []
        var isFilling = false
        /// The last count of online users; cached, so that 10,000 joins do not each count 10,000 rows.
        var onlineCount: Int?
        /// When the count was begun, among all counts.
        var counting: UInt64 = 0

        var isUnused: Bool { hubs.isEmpty && logReaders.isEmpty }
    }

    private struct State {
        var rooms: [RoomID: OpenRoom] = [:]
        var hubs: [any Hub] = []
        /// Counts of who is online that were begun so far.
        var countings: UInt64 = 0
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

    /// Adds hubs. They receive every posted item, and messages only of rooms they are attached to.
    package func add(_ hubs: [any Hub]) {
        state.withLock { $0.hubs += hubs }
    }

    package func remove(_ hub: any Hub) {
        state.withLock { $0.hubs.removeAll { $0 === hub } }
    }

    /// Opens the room's feed at the current end of its log. No-op if the feed is already open.
    ///
    /// - Throws: `roomNotFound`, `unavailable`.
    package func open(_ room: RoomReference) async throws(ChatError) {
        guard state.withLock({ $0.rooms[room.id] == nil }) else { return }
        guard let last = try await store.lastSeq(of: room.id) else { throw .noRoom(room.name) }
        state.withLock { state in
            if state.rooms[room.id] == nil {
                state.rooms[room.id] = OpenRoom(reference: room, feed: RoomFeed(position: last))
                // Called under the lock, so that the bus sees opens and closes in order.
                bus.follow(room.id)
            }
        }
        // Catches commits made between the read and the opening.
        do throws(ChatError) { try await fill(room.id) } catch {
            state.withLock { closeIfUnused(room.id, &$0) }
            throw error
        }
    }

    /// Subscribes `hub` to an open room; it receives `.open` and then every later batch. No-op if already subscribed.
    ///
    /// - Returns: false if the room is not open.
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

    /// Unsubscribes `hub`; closes the room's feed when it was the last subscriber.
    package func detach(_ hub: any Hub, from room: RoomID) {
        state.withLock { state in
            state.rooms[room]?.hubs.removeAll { $0 === hub }
            state.rooms[room]?.logReaders.removeAll { $0 === hub }
            closeIfUnused(room, &state)
        }
    }

    private func closeIfUnused(_ room: RoomID, _ state: inout State) {
        guard state.rooms[room]?.isUnused == true else { return }
        state.rooms[room] = nil
        bus.unfollow(room)
    }

    package func isOpen(_ room: RoomID) -> Bool {
        state.withLock { $0.rooms[room] != nil }
    }

    /// Sets a room's current name, used for messages that are read from the log.
    package func rename(_ room: RoomReference) {
        state.withLock { $0.rooms[room.id]?.reference = room }
    }

    /// The cached count of online users; nil if the room is not open or was not counted yet.
    package func onlineCount(in room: RoomID) -> Int? {
        state.withLock { $0.rooms[room]?.onlineCount }
    }

    /// Begins to count who is online in a room. Returns a number for ``setOnlineCount(_:in:counting:)``.
    package func beginCounting() -> UInt64 {
        state.withLock { state in
            state.countings += 1
            return state.countings
        }
    }

    /// Takes in a count, unless one that was begun later is there already: that one has seen all that this one has, and
    /// more. Returns the count that holds.
    package func setOnlineCount(_ count: Int, in room: RoomID, counting: UInt64) -> Int {
        state.withLock { state in
            guard let open = state.rooms[room] else { return count }
            if let known = open.onlineCount, open.counting > counting { return known }
            state.rooms[room]?.onlineCount = count
            state.rooms[room]?.counting = counting
            return count
        }
    }

    /// Takes in counts of all open rooms as ``setOnlineCount(_:in:counting:)`` does, and posts those that hold.
    ///
    /// - Parameter counts: of the rooms in which somebody is online.
    package func confirm(_ counts: [RoomID: Int], counting: UInt64) {
        state.withLock { state in
            var holding: [RoomID: Int] = [:]
            for (id, open) in state.rooms {
                if open.counting <= counting {
                    state.rooms[id]?.onlineCount = counts[id] ?? 0
                    state.rooms[id]?.counting = counting
                }
                holding[id] = state.rooms[id]?.onlineCount
            }
            for hub in state.hubs { hub.post(.counts(holding)) }
        }
    }

    package func openRooms() -> [RoomReference] {
        state.withLock { $0.rooms.values.map(\.reference) }
    }

    /// Sends an item to every hub.
    package func post(_ item: HubItem) {
        state.withLock { state in for hub in state.hubs { hub.post(item) } }
    }

    // MARK: Messages

    /// Accepts a committed batch from this process or from the bus.
    package func accept(_ batch: MessageBatch) {
        let mustFill = state.withLock { state in Self.accept(batch, in: &state) }
        guard mustFill else { return }
        Task {
            try? await Task.sleep(for: Limits.gapWait)
            try? await self.fill(batch.room, releasing: true)
        }
    }

    /// Catches up with a room's log, which has reportedly grown to at least `seq`.
    ///
    /// - Throws: `unavailable`, as do the other methods that read logs; what was read before was delivered.
    package func grown(_ room: RoomID, to seq: Int64) async throws(ChatError) {
        let mustFill = state.withLock { state in
            guard let open = state.rooms[room], open.feed.position < seq else { return false }
            guard open.hubs.isEmpty else { return true }
            // All subscribers read the log themselves: no need to load the messages.
            state.rooms[room]?.feed = RoomFeed(position: seq)
            for hub in open.logReaders { hub.post(.grown(room, seq: seq)) }
            return false
        }
        if mustFill { try await fill(room) }
    }

    /// Catches up with one room's log.
    package func check(_ room: RoomID) async throws(ChatError) {
        guard isOpen(room), let last = try await store.lastSeq(of: room) else { return }
        try await grown(room, to: last)
    }

    /// Catches up with the log of every open room: one query for all, then a read for each room that is behind.
    package func checkAll() async throws(ChatError) {
        let behind = try await roomsBehind()
        guard !behind.isEmpty else { return }
        // Most of these are about to be delivered anyway, by a commit in flight or by the bus.
        try? await Task.sleep(for: Limits.gapWait)
        for (room, last) in behind { try await grown(room, to: last) }
    }

    private func roomsBehind() async throws(ChatError) -> [RoomID: Int64] {
        let positions = state.withLock { $0.rooms.mapValues(\.feed.position) }
        guard !positions.isEmpty else { return [:] }
        let ends = try await store.lastSeqs(of: Array(positions.keys))
        return ends.filter { room, last in positions[room].map { $0 < last } ?? false }
    }

    /// - Returns: true if there is a gap and no task is filling it yet.
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

    /// Reads the log after the room's position and delivers it.
    private func fill(_ room: RoomID, releasing: Bool = false) async throws(ChatError) {
        if releasing { state.withLock { $0.rooms[room]?.isFilling = false } }
        while let open = state.withLock({ $0.rooms[room] }) {
            let page = try await store.messages(
                in: open.reference, .after(open.feed.position), limit: Limits.replayMessages)
            guard !page.isEmpty else { return }
            for batch in Self.runs(page).compactMap(coder.batch) { accept(batch) }
            if page.count < Limits.replayMessages { return }
        }
    }

    /// Splits messages where `seq` is not consecutive: retention may have removed some.
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
