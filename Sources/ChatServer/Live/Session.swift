import ChatCore
import ChatWire

// Decides what a client's frame means, without I/O: a frame in, one act out, which the connection performs. So every
// answer of the protocol can be tested without a socket.

/// The protocol state of one connection.
struct Session {
    /// What the connection must do.
    enum Act: Equatable {
        case join(JoinRequest, Ref?)
        case leave(RoomReference, Ref?)
        case send(RoomReference, MessageBody, ClientID?, Ref?)
        case edit(RoomReference, seq: Int64, MessageBody, Ref?)
        case typing(RoomReference)
        case read(RoomReference, seq: Int64)
        case answer([UInt8])
        case refuse(ChatError, Ref?)

        /// Returns true for a frame whose meaning a join on its way may change: one that names no joined room, one that
        /// leaves a room which is being joined again, and a join for which there is a place only if another one fails.
        ///
        /// - Parameter joined: how many rooms the connection has joined.
        func dependsOnJoin(_ limits: ConnectionLimits, joined: Int) -> Bool {
            switch self {
            case .refuse(let error, _): error.code == .notJoined
            case .leave(let room, _): limits.isJoining(room.name)
            // A join that took the place of one on its way would leave that one without an answer and a replay.
            case .join(let request, _):
                limits.isJoining(request.room) || limits.awaitsPlace(for: request.room, joined: joined)
            case .send, .edit, .typing, .read, .answer: false
            }
        }
    }

    /// The room of a one-room connection; nil for a multiplexed one.
    let onlyRoom: RoomName?
    private(set) var rooms: [RoomName: RoomReference] = [:]

    init(onlyRoom: RoomName?) {
        self.onlyRoom = onlyRoom
    }

    mutating func joined(_ room: RoomReference) { rooms[room.name] = room }

    mutating func left(_ room: RoomReference) {
        // The name may be an earlier one of the room; then all have to be searched.
        if rooms[room.name]?.id == room.id {
            rooms[room.name] = nil
        } else if let name = rooms.first(where: { $0.value.id == room.id })?.key {
            rooms[name] = nil
        }
    }

    /// Updates the name of a joined room. No-op if the room was not joined.
    mutating func renamed(_ room: RoomReference) {
        guard rooms.values.contains(where: { $0.id == room.id && $0.name != room.name }) else { return }
        left(room)
        joined(room)
    }

    func receive(_ bytes: [UInt8]) -> Act {
        switch ClientFrame.parse(bytes) {
        case .failure(let fault): return .refuse(fault.error, fault.ref)
        case .success(let frame):
            do throws(ChatError) {
                return try act(on: frame)
            } catch {
                return .refuse(error, frame.ref)
            }
        }
    }

    private func act(on frame: ClientFrame) throws(ChatError) -> Act {
        switch frame.event {
        case .ping: return .answer(ServerFrame.pong(ref: frame.ref))
        case .join(let room, let after, let epoch): return try join(room, after, epoch, frame.ref)
        case .leave(let room): return .leave(try joinedRoom(room), frame.ref)
        case .typing(let room): return .typing(try joinedRoom(room))
        case .read(let room, let seq): return .read(try joinedRoom(room), seq: seq)
        case .edit(let room, let seq, let body):
            let body = try MessageBody(body)
            return .edit(try joinedRoom(room), seq: seq, body, frame.ref)
        case .message(let room, let body, let clientID):
            let body = try MessageBody(body)
            let id = try clientID.map { text throws(ChatError) in try ClientID(text) }
            return .send(try joinedRoom(room), body, id, frame.ref)
        }
    }

    private func join(
        _ room: String, _ after: Int64?, _ epoch: String?, _ ref: Ref?
    ) throws(ChatError) -> Act {
        guard onlyRoom == nil else {
            throw ChatError(.invalidFrame, "join: this connection has its one room", hint: "connect to /ws")
        }
        let name: RoomName
        do throws(ChatError) { name = try RoomName(room) } catch {
            throw ChatError(.roomNotFound, error.message, fields: error.fields)
        }
        if let after, after < 0 { throw ChatError(.invalidFrame, "after: negative") }
        return .join(JoinRequest(room: name, after: after, epoch: epoch), ref)
    }

    /// The room a frame refers to: the one it names, or the only one joined.
    private func joinedRoom(_ name: String?) throws(ChatError) -> RoomReference {
        guard let name else {
            if rooms.count == 1, let only = rooms.values.first { return only }
            throw ChatError(
                rooms.isEmpty ? .notJoined : .invalidFrame, "room: name one of the joined rooms",
                fields: ["room": ["This field is required."]])
        }
        if let room = rooms[RoomName(stored: name)] { return room }
        if let valid = try? RoomName(name), let room = rooms[valid] { return room }
        throw ChatError(.notJoined, "room \(name): not joined")
    }
}
