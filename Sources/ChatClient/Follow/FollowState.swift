import ChatCore
import ChatWire

// Following a room is a position in its log that only grows. Each frame is judged against it: a message behind it
// was seen, the next one is given out, one further on shows a hole, which is read over HTTP. Joining again with the
// position after a lost connection is then nothing special. While a hole is read, live frames wait in the socket's
// inbox, so nothing is buffered here and the order is kept by itself.

/// What a follower knows of its rooms, and what to do on each thing that happens. Does nothing itself.
package struct FollowState: Sendable {
    package enum Action: Sendable, Equatable {
        case message(Message)
        case notice(String)
        /// Send this text to the server.
        case send([UInt8])
        /// Read the next page of the log behind `after`, for ``FollowState/fetched(_:of:through:)``.
        case fetch(room: RoomName, after: Int64, through: Int64)
        /// Drop the connection, wait as long as the attempt's number says, connect.
        case reconnect(attempt: Int)
        case fail(ChatError)
    }

    private struct Position {
        var last: Int64
        /// The log the position is in; nil until the room was joined once.
        var epoch: String?
    }

    private let order: [RoomName]
    private var rooms: [RoomName: Position] = [:]
    private var attempt = 0
    private var isOut = false

    /// A room given twice is followed from the earlier position.
    package init(_ positions: [RoomPosition]) {
        for position in positions {
            rooms[position.room] = Position(last: min(position.after, rooms[position.room]?.last ?? .max))
        }
        order = rooms.keys.sorted()
    }

    // MARK: Connection

    /// A connection was made: joins every room from where it stands.
    package mutating func connected() -> [Action] {
        order.compactMap { name in rooms[name].map { .send(Self.join(name, $0)) } }
    }

    /// A connection could not be made; when the server says no, that is the end.
    package mutating func refused(_ error: ChatError) -> [Action] {
        Self.isPassing(error) ? lost() : [.fail(error)]
    }

    /// The connection was closed with a code, or broke (1006).
    package mutating func closed(code: UInt16) -> [Action] {
        switch CloseCode(rawValue: code) {
        case .sessionEnded:
            [.fail(ChatError(.unauthenticated, "server: the session ended", hint: "log in again with 'chatctl login'"))]
        case .forbidden: [.fail(ChatError(.disabled, "server: the account may not connect any more"))]
        default: lost()
        }
    }

    private mutating func lost() -> [Action] {
        attempt += 1
        let isNews = !isOut
        isOut = true
        return (isNews ? [.notice("connection lost, reconnecting")] : []) + [.reconnect(attempt: attempt)]
    }

    // MARK: Frames

    /// A text frame of the server; what a follower does not need is passed over.
    package mutating func received(_ text: [UInt8]) -> [Action] {
        guard let frame = try? ShapeCoder.decode(ServerFrameShape.self, from: text) else { return [] }
        guard frame.ok else { return refusedToJoin(text) }
        switch frame.event {
        case "message": return frame.message.map { live($0.message) } ?? []
        case "joined": return joined(frame)
        case "removed": return removed(frame)
        default: return []
        }
    }

    private mutating func live(_ message: Message) -> [Action] {
        let name = message.room.name
        guard let last = rooms[name]?.last, message.seq > last else { return [] }
        guard message.seq == last + 1 else { return [.fetch(room: name, after: last, through: message.seq)] }
        rooms[name]?.last = message.seq
        return [.message(message)]
    }

    private mutating func joined(_ frame: ServerFrameShape) -> [Action] {
        guard let name = frame.room.map({ RoomName(stored: $0) }), let room = rooms[name], let end = frame.last_seq
        else { return [] }
        let isBack = isOut
        (isOut, attempt) = (false, 0)
        rooms[name]?.epoch = frame.epoch
        return (isBack ? [.notice("reconnected")] : []) + caughtUp(name, room, to: end, frame)
    }

    private mutating func caughtUp(
        _ name: RoomName, _ room: Position, to end: Int64, _ frame: ServerFrameShape
    ) -> [Action] {
        let isKnown = room.epoch != nil
        if isKnown, room.epoch != frame.epoch || end < room.last {
            rooms[name]?.last = end
            return [.notice("room \(name) was made anew, going on after its message \(end)")]
        }
        if end < room.last {
            return [.notice("room \(name) ends at \(end), waiting for what comes after \(room.last)")]
        }
        guard frame.recovered == false, end > room.last else { return [] }
        return [.fetch(room: name, after: room.last, through: end)]
    }

    private func removed(_ frame: ServerFrameShape) -> [Action] {
        guard let name = frame.room.map({ RoomName(stored: $0) }), rooms[name] != nil else { return [] }
        switch frame.reason.flatMap({ RemovalReason(rawValue: $0) }) {
        case .banned: return [.fail(ChatError(.banned, "room \(name): you were banned"))]
        case .deleted: return [.fail(ChatError(.roomNotFound, "room \(name): it was deleted"))]
        case .kicked: return [.fail(ChatError(.notAMember, "room \(name): you were kicked"))]
        case .removed, nil: return [.fail(ChatError(.notAMember, "room \(name): you are no member any more"))]
        }
    }

    // MARK: Pages of the log

    /// A page of the log behind the position; an empty one is its end.
    ///
    /// What is missing up to `through` was deleted for good, and the position moves over it.
    package mutating func fetched(_ page: [Message], of room: RoomName, through: Int64) -> [Action] {
        guard let before = rooms[room]?.last else { return [] }
        let news = page.filter { $0.seq > before }
        let last = news.last?.seq ?? through
        rooms[room]?.last = news.isEmpty ? max(before, through) : last
        let actions = news.map { Action.message($0) }
        return news.isEmpty || last >= through ? actions : actions + [.fetch(room: room, after: last, through: through)]
    }

    /// A page could not be read: like a lost connection when that may pass, else the end.
    package mutating func failedToFetch(_ error: ChatError) -> [Action] {
        Self.isPassing(error) ? lost() : [.fail(error)]
    }

    // MARK: Joining

    /// The `ref` of a join is its room, so that a refusal tells which.
    private static func join(_ name: RoomName, _ room: Position) -> [UInt8] {
        JSON.document { json in
            json.object { json in
                json.field("event", "join")
                json.field("ref", name.text)
                json.field("room", name.text)
                json.field("after", room.last)
                if let epoch = room.epoch { json.field("epoch", epoch) }
            }
        }
    }

    private struct Refusal: Decodable {
        let ref: String?
        let code: String?
        let errors: [String: [String]]?
    }

    private mutating func refusedToJoin(_ text: [UInt8]) -> [Action] {
        guard let refusal = try? ShapeCoder.decode(Refusal.self, from: text) else { return [] }
        let error = Self.error(of: refusal)
        return Self.isPassing(error) ? lost() : [.fail(error)]
    }

    private static func error(of refusal: Refusal) -> ChatError {
        let code = refusal.code.flatMap { ErrorCode(rawValue: $0) } ?? .fault
        let name = refusal.ref.map { RoomName(stored: $0) }
        if code == .roomNotFound, let name { return .noRoom(name) }
        let why = refusal.errors?.sorted { $0.key < $1.key }.first?.value.first ?? "the server refused"
        return ChatError(code, "room \(name?.text ?? ""): \(why)")
    }

    /// Whether waiting may help.
    private static func isPassing(_ error: ChatError) -> Bool {
        switch error.code {
        case .unavailable, .timedOut, .rateLimited, .fault: true
        default: false
        }
    }
}
