import ChatCore
import ChatWire

// For each room, the state is a position in the room's log that only grows. A message at or before the position was
// seen already, the next one is delivered, and one further on reveals a gap, which is read over HTTP. So a reconnection
// simply joins again from the position, and duplicated or lost frames need no special care. While a gap is read, live
// frames wait in the socket's inbox: nothing is buffered here, and the order holds.
//
// Rooms are added and removed while answers are in flight. Each join therefore has a number, which is its `ref`: an
// answer to an earlier join of the same room, or a page read for it, does not match and is ignored.

/// The protocol state of a feed: takes in events and returns actions, without I/O.
struct FollowState: Sendable {
    struct Followed: Sendable {
        var last: Int64
        /// The log that `last` belongs to; nil until the room was joined once, if it was not given.
        var epoch: String?
        /// The number of the join on this connection; nil without a connection.
        var join: Int64?
        var isJoined = false
        /// Refusals of joins since the last one that succeeded.
        var refusals = 0

        mutating func disconnect() {
            join = nil
            isJoined = false
        }
    }

    /// The longest `retry_after_ms` that is honoured.
    private static let longestPause: Duration = .seconds(60)

    var rooms: [RoomName: Followed] = [:]
    /// Followed rooms whose present name is being asked for, by epoch.
    var displaced: [String: Displaced] = [:]
    /// Names that are known not to stand for a followed room.
    var strangers: Set<RoomName> = []
    private(set) var isConnected = false
    private var joins: Int64 = 0
    /// Attempts to connect since a room was joined.
    private var attempt = 0
    private var isOut = false

    init() {}

    // MARK: Rooms

    /// Follows a room from after a position. No-op for a room that is followed.
    mutating func add(_ position: RoomPosition) -> [Action] {
        guard !follows(position.room) else { return [] }
        strangers.remove(position.room)
        rooms[position.room] = Followed(last: position.after, epoch: position.epoch)
        return isConnected ? join(position.room) : []
    }

    func follows(_ room: RoomName) -> Bool { rooms[room] != nil }

    /// Stops following a room. No-op for a room that is not followed.
    mutating func remove(_ room: RoomName) -> [Action] {
        guard rooms.removeValue(forKey: room) != nil, isConnected else { return [] }
        // Its frames on their way here must not be taken for those of a renamed room.
        strangers.insert(room)
        return [.send(ClientFrame.leave(room))]
    }

    mutating func join(_ name: RoomName) -> [Action] {
        guard var room = rooms[name] else { return [] }
        joins += 1
        room.join = joins
        rooms[name] = room
        return [.send(ClientFrame.join(name, after: room.last, epoch: room.epoch, ref: joins))]
    }

    /// Retries a join that was refused. No-op when the room was removed, or joined anew, meanwhile.
    mutating func rejoin(_ join: Join) -> [Action] {
        name(of: join).map { self.join($0) } ?? []
    }

    /// The present name of the room that was joined; nil when it was removed, or joined anew.
    func name(of join: Join) -> RoomName? { rooms.first { $0.value.join == join.number }?.key }

    // MARK: Connection

    /// A connection was made: joins every room from its position.
    mutating func connected() -> [Action] {
        isConnected = true
        strangers = []
        guard !rooms.isEmpty || !displaced.isEmpty else { return back() }
        return rooms.keys.sorted().flatMap { join($0) } + locations()
    }

    /// A connection could not be made. A refusal by the server ends the feed; anything else is retried.
    mutating func refused(_ error: ChatError) -> [Action] {
        Self.isTransient(error) ? lost() : [.fail(error)]
    }

    /// The connection was closed with a code, or broke (1006).
    mutating func closed(code: UInt16) -> [Action] {
        switch CloseCode(rawValue: code) {
        case .sessionEnded:
            [.fail(ChatError(.unauthenticated, "server: the session ended", remedy: .logIn))]
        case .forbidden: [.fail(ChatError(.disabled, "server: the account may no longer connect"))]
        default: lost()
        }
    }

    mutating func lost() -> [Action] {
        isConnected = false
        for name in rooms.keys { rooms[name]?.disconnect() }
        for epoch in displaced.keys { displaced[epoch]?.disconnect() }
        attempt += 1
        let isNews = !isOut
        isOut = true
        return (isNews ? [.item(.notice("connection lost, reconnecting"))] : []) + [.reconnect(attempt: attempt)]
    }

    private mutating func back() -> [Action] {
        let isNews = isOut
        (isOut, attempt) = (false, 0)
        return isNews ? [.item(.notice("reconnected"))] : []
    }

    // MARK: Frames

    /// A text frame of the server. An unreadable one is ignored: if it was a message, the next one reveals the gap.
    mutating func received(_ text: [UInt8]) -> [Action] {
        guard let frame = try? ReceivedFrame(text) else { return [] }
        switch frame {
        case .message(let message): return live(message)
        case .joined(let answer): return joined(answer)
        case .error(let refusal): return refused(refusal)
        case .removed(let room, let reason): return removed(room, reason)
        case .messageDeleted(let room, let seq): return pass(.messageDeleted(room: room, seq: seq), of: room)
        case .messageEdited(let message): return pass(.messageEdited(message), of: message.room.name)
        case .onlineCount(let room, let count): return pass(.onlineCount(room: room, count: count), of: room)
        case .presence(let room, let joined, let left):
            return pass(.presence(room: room, joined: joined, left: left), of: room)
        case .typing(let room, let username): return pass(.typing(room: room, username: username), of: room)
        case .room(let room): return [.item(.room(room))] + suspect(room.name)
        case .other: return []
        }
    }

    private func pass(_ item: FeedItem, of room: RoomName) -> [Action] {
        follows(room) ? [.item(item)] : []
    }

    mutating func live(_ message: Message) -> [Action] {
        let name = message.room.name
        guard let room = rooms[name] else {
            return strangers.contains(name) || rooms.isEmpty ? [] : [.identify(name, then: message)]
        }
        // What comes before the answer to a join, the join covers.
        guard let number = room.join, room.isJoined, let epoch = room.epoch, message.seq > room.last else { return [] }
        guard message.seq == room.last + 1 else {
            return [.fetch(Gap(join: Join(room: name, number: number), after: room.last, through: message.seq))]
        }
        rooms[name]?.last = message.seq
        return [.item(.message(message, epoch: epoch))]
    }

    /// An unknown reason counts as `removed`: whatever it was, the room is lost.
    private mutating func removed(_ name: RoomName, _ reason: RemovalReason?) -> [Action] {
        guard rooms.removeValue(forKey: name) != nil else { return [] }
        return [.item(.removed(room: name, reason: reason ?? .removed))]
    }

    // MARK: Answers to joins

    private mutating func joined(_ answer: ReceivedFrame.Joined) -> [Action] {
        // The room was removed while its join was in flight, and the server saw the leave first.
        guard let room = rooms[answer.room] else { return [.send(ClientFrame.leave(answer.room))] }
        guard let number = room.join, number == answer.ref, !room.isJoined else { return [] }
        if let epoch = room.epoch, epoch != answer.epoch {
            let successor = Successor(name: answer.room, epoch: answer.epoch, end: answer.lastSeq)
            return back() + [.item(.onlineCount(room: answer.room, count: answer.onlineCount))]
                + displace(answer.room, room, epoch, successor: successor)
        }
        rooms[answer.room]?.isJoined = true
        rooms[answer.room]?.refusals = 0
        rooms[answer.room]?.epoch = answer.epoch
        return back() + [.item(.onlineCount(room: answer.room, count: answer.onlineCount))]
            + caughtUp(room, Join(room: answer.room, number: number), answer)
    }

    private mutating func caughtUp(_ room: Followed, _ join: Join, _ answer: ReceivedFrame.Joined) -> [Action] {
        let end = answer.lastSeq
        if end < room.last, room.epoch != nil {
            rooms[join.room]?.last = end
            return [.item(.notice("room \(join.room) lost messages, going on after its message \(end)"))]
        }
        if end < room.last {
            return [.item(.notice("room \(join.room) ends at \(end), waiting for what comes after \(room.last)"))]
        }
        guard !answer.recovered, end > room.last else { return [] }
        return [.fetch(Gap(join: join, after: room.last, through: end))]
    }

    private mutating func refused(_ refusal: ReceivedFrame.Refusal) -> [Action] {
        guard let name = rooms.first(where: { $0.value.join == refusal.ref && refusal.ref != nil })?.key,
            var room = rooms[name], let number = room.join, !room.isJoined
        else { return [] }
        let error = refusal.error.code == .roomNotFound ? .noRoom(name) : refusal.error
        if let epoch = room.epoch, Self.reason(of: error) != nil {
            // Perhaps said of another room, which has the name by now.
            return displace(name, room, epoch, refusal: error)
        }
        guard Self.isTransient(error) else { return lose(name, error, reason: Self.reason(of: error) ?? .removed) }
        room.refusals += 1
        rooms[name] = room
        let notice = Action.item(.notice("\(error.message), trying again"))
        let least = min(error.retryAfter ?? .zero, Self.longestPause)
        return (room.refusals == 1 ? [notice] : [])
            + [.rejoin(Join(room: name, number: number), attempt: room.refusals, atLeast: least)]
    }

    /// A room cannot be followed. This ends the feed if it was the only room; otherwise the other rooms go on.
    mutating func lose(_ room: RoomName, _ error: ChatError, reason: RemovalReason) -> [Action] {
        rooms[room] = nil
        if rooms.isEmpty, displaced.isEmpty { return [.fail(error)] }
        return [.item(.notice(error.message)), .item(.removed(room: room, reason: reason))]
    }

    // MARK: Pages of the log

    /// Takes in a page of the log; an empty page is the end of the log.
    ///
    /// Messages missing from the gap no longer exist, and the position moves past them.
    mutating func fetched(_ page: [Message], for gap: Gap) -> [Action] {
        guard let name = name(of: gap.join), let before = rooms[name]?.last, let epoch = rooms[name]?.epoch else {
            return []
        }
        let news = page.filter { $0.seq > before }
        let last = news.last?.seq ?? max(before, gap.through)
        rooms[name]?.last = last
        let items = news.map { Action.item(.message($0, epoch: epoch)) }
        return last >= gap.through ? items : items + [.fetch(Gap(join: gap.join, after: last, through: gap.through))]
    }

    /// A page could not be read. A transient error counts as a lost connection; another one ends the room or the feed.
    mutating func failed(_ error: ChatError, for gap: Gap) -> [Action] {
        guard let name = name(of: gap.join) else { return [] }
        if Self.isTransient(error) { return lost() }
        guard let reason = Self.reason(of: error) else { return [.fail(error)] }
        return lose(name, error, reason: reason)
    }

    // MARK: Errors

    static func isTransient(_ error: ChatError) -> Bool {
        switch error.code {
        case .unavailable, .timedOut, .rateLimited, .fault: true
        default: false
        }
    }

    /// Why the room was lost, for an error that is about one room.
    static func reason(of error: ChatError) -> RemovalReason? {
        switch error.code {
        case .roomNotFound: .deleted
        case .banned: .banned
        case .notAMember: .removed
        default: nil
        }
    }
}
