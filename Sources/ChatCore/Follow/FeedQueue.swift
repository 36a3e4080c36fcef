// What a local feed still has to deliver. Messages are never queued: a room is only marked as behind, and its log is
// read page by page on demand, so a slow consumer costs no memory and misses nothing. All other items are queued up to
// a limit. Messages already read from the log are delivered before queued items.

/// The state of a feed that reads the log, without I/O.
struct FeedQueue: Sendable {
    /// What the consumer's next call must do.
    enum Step: Sendable, Equatable {
        case give(FeedItem)
        /// Read the room's log after `after` and pass the page to ``FeedQueue/took(_:of:asked:)``.
        case read(RoomReference, after: Int64)
        /// Check whether the caller may still read the room, because events may have been lost.
        case recheck(RoomReference)
        case wait
    }

    private struct Followed {
        var reference: RoomReference
        /// The last `seq` that was read.
        var position: Int64
        /// The `seq` the log is known to have reached, and the value of `end` when the log was last read.
        var end: Int64
        var endWhenRead: Int64
        /// The log may continue after `position` even though no growth was reported.
        var mustLook = true
        /// The last count that was queued; nil before the first.
        var onlineCount: Int?
    }

    private var rooms: [RoomID: Followed] = [:]
    /// Round-robin order: the room read least recently comes first.
    private var turns: [RoomID] = []
    /// Messages read from the log and not yet delivered, in reverse order.
    private var page: [Message] = []
    private var items: [(room: RoomID?, item: FeedItem)] = []
    private var rechecks: [RoomID] = []
    /// Rooms that were lost, whose subscription still has to be ended.
    private var lostRooms: [RoomID] = []

    var roomIDs: [RoomID] { Array(rooms.keys) }

    func follows(_ room: RoomID) -> Bool { rooms[room] != nil }

    func roomID(of name: RoomName) -> RoomID? { rooms.first { $0.value.reference.name == name }?.key }

    // MARK: Rooms

    /// Follows a room, starting after `after`. No-op if it is already followed.
    mutating func add(_ room: RoomReference, after: Int64) {
        guard rooms[room.id] == nil else { return }
        // Lost and added again before the consumer came: the delivery must go on bringing it.
        lostRooms.removeAll { $0 == room.id }
        rooms[room.id] = Followed(reference: room, position: after, end: after, endWhenRead: after)
        turns.insert(room.id, at: 0)
    }

    /// Stops following a room and discards its pending items.
    mutating func remove(_ room: RoomID) {
        rooms[room] = nil
        turns.removeAll { $0 == room }
        page.removeAll { $0.room.id == room }
        items.removeAll { $0.room == room }
        rechecks.removeAll { $0 == room }
    }

    // MARK: Hub items

    mutating func take(_ item: HubItem, for user: UserID?, seesAll: Bool) {
        switch item {
        case .open(let room, let position): grown(room, to: position)
        case .batch(let batch): grown(batch.room, to: batch.lastSeq)
        case .grown(let room, let seq): grown(room, to: seq)
        case .presence(let change, let count): take(change, count)
        case .counts(let counts): take(counts)
        case .room(let room, let members): take(room, members, for: user, seesAll: seesAll)
        case .event(let event): take(event, for: user)
        case .edited(let message):
            if rooms[message.room.id] != nil { queue(.messageEdited(message), of: message.room.id) }
        case .recheck: rechecks = roomIDs
        }
    }

    private mutating func grown(_ room: RoomID, to seq: Int64) {
        if let followed = rooms[room], seq > followed.end { rooms[room]?.end = seq }
    }

    private mutating func take(_ change: PresenceChange, _ count: Int) {
        guard let room = rooms[change.room.id]?.reference else { return }
        rooms[room.id]?.onlineCount = count
        queue(.onlineCount(room: room.name, count: count), of: room.id)
        guard !change.joined.isEmpty || !change.left.isEmpty else { return }
        queue(.presence(room: room.name, joined: change.joined, left: change.left), of: room.id)
    }

    /// Queues the counts that differ from the last ones.
    private mutating func take(_ counts: [RoomID: Int]) {
        for (id, room) in rooms {
            guard let known = room.onlineCount, let count = counts[id], count != known else { continue }
            rooms[id]?.onlineCount = count
            queue(.onlineCount(room: room.reference.name, count: count), of: id)
        }
    }

    private mutating func take(_ room: Room, _ members: [UserID], for user: UserID?, seesAll: Bool) {
        if rooms[room.id] != nil { rooms[room.id]?.reference = room.reference }
        guard rooms[room.id] != nil || seesAll || user.map({ members.contains($0) }) ?? false else { return }
        queue(.room(room), of: nil)
    }

    private mutating func take(_ event: Event, for user: UserID?) {
        switch event {
        case .messageDeleted(let room, let seq):
            if let name = name(of: room) { queue(.messageDeleted(room: name, seq: seq), of: room.id) }
        case .typing(let room, let username):
            if let name = name(of: room) { queue(.typing(room: name, username: username), of: room.id) }
        case .removed(let removed, let room, let reason): if removed == user { lost(room.id, reason) }
        case .roomDeleted(let room): lost(room.id, .deleted)
        case .messageEdited, .presence, .roomChanged, .roomGained, .disabled, .roleChanged, .sessionEnded: break
        }
    }

    private func name(of room: RoomReference) -> RoomName? { rooms[room.id]?.reference.name }

    /// Stops following the room; its last item says why.
    mutating func lost(_ room: RoomID, _ reason: RemovalReason) {
        guard let name = rooms[room]?.reference.name else { return }
        remove(room)
        lostRooms.append(room)
        queue(.removed(room: name, reason: reason), of: nil)
    }

    mutating func takeLostRooms() -> [RoomID] {
        defer { lostRooms = [] }
        return lostRooms
    }

    private mutating func queue(_ item: FeedItem, of room: RoomID?) {
        items.append((room, item))
        guard items.count > Limits.feedItems else { return }
        // Drop the oldest ephemeral item (typing, presence); deletions, room changes and removals must be delivered.
        items.remove(at: items.firstIndex { Self.isPassing($0.item) } ?? 0)
    }

    private static func isPassing(_ item: FeedItem) -> Bool {
        switch item {
        case .typing, .presence, .onlineCount: true
        case .message, .messageDeleted, .messageEdited, .room, .removed, .notice: false
        }
    }

    // MARK: The consumer

    mutating func next() -> Step {
        if let message = page.popLast() { return .give(.message(message)) }
        if !items.isEmpty { return .give(items.removeFirst().item) }
        if let room = rechecks.popLast().flatMap({ rooms[$0] }) { return .recheck(room.reference) }
        // Round-robin, so that a busy room does not starve the others.
        guard let index = turns.firstIndex(where: isBehind), let room = rooms[turns[index]] else { return .wait }
        turns.append(turns.remove(at: index))
        rooms[room.reference.id]?.mustLook = false
        rooms[room.reference.id]?.endWhenRead = room.end
        return .read(room.reference, after: room.position)
    }

    /// True if there is nothing to deliver, read or check.
    var isIdle: Bool { page.isEmpty && items.isEmpty && rechecks.isEmpty && !turns.contains(where: isBehind) }

    private func isBehind(_ room: RoomID) -> Bool {
        rooms[room].map { $0.mustLook || $0.end > $0.position } ?? false
    }

    /// Accepts a page of the log.
    ///
    /// - Parameter asked: the limit of the read; a shorter page means the end of the log was reached.
    mutating func took(_ messages: [Message], of room: RoomID, asked: Int) {
        guard let followed = rooms[room] else { return }
        let news = messages.filter { $0.seq > followed.position }
        page = news.reversed()
        rooms[room]?.position = news.last?.seq ?? followed.position
        if messages.count >= asked { rooms[room]?.mustLook = true }
        // Messages reported before this read and missing from it no longer exist. Later reports are left to the next
        // read.
        if news.isEmpty, followed.end == followed.endWhenRead { rooms[room]?.end = followed.position }
    }

    /// Schedules a failed check again.
    mutating func failedToRecheck(_ room: RoomID) { rechecks.append(room) }

    /// Schedules a failed read again.
    mutating func failedToRead(_ room: RoomID) { rooms[room]?.mustLook = true }
}
