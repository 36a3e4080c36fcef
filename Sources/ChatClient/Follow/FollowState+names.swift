import ChatCore
import ChatWire

// Frames name rooms, and a name may pass from one room to another: renamed, deleted and made again, swapped. A followed
// room is therefore its log, which the epoch identifies. When the server reports a change of a room, sends a message of
// one that is not known, or answers a join with another epoch, the feed asks whose log a name stands for (`identify`) or
// what a log's room is called now (`locate`). Both are asked before the next frame is read. A room that has
// another name is joined again under it, and the answer says again whose log it is. Refused: the epoch in each message's frame, which would be sent to everybody.

extension FollowState {
    /// Another log that was found under the name of a followed one, by the answer to its join.
    struct Successor: Sendable {
        let name: RoomName
        let epoch: String
        let end: Int64
    }

    /// A followed room whose name has passed to another room, or is nobody's.
    struct Displaced: Sendable {
        var room: Followed
        /// Its last known name.
        let name: RoomName
        var successor: Successor?
        /// Why the room of that name could not be joined.
        var refusal: ChatError?

        /// Where it is joined again, both are seen anew.
        mutating func disconnect() {
            room.disconnect()
            (successor, refusal) = (nil, nil)
        }
    }

    /// Whose log a name stands for, in answer to ``Action/identify(_:then:)``.
    ///
    /// - Parameters:
    ///   - epoch: nil when there is no room of this name, or it may not be read.
    ///   - message: arrived under this name, and is one of that log.
    mutating func identified(_ name: RoomName, as epoch: String?, then message: Message? = nil) -> [Action] {
        var actions: [Action] = []
        if let holder = rooms[name], let known = holder.epoch, known != epoch {
            actions += displace(name, holder, known)
        }
        if let epoch { actions += take(name, for: epoch) }
        guard let message else { return actions }
        if rooms[name] != nil { return actions + live(message) }
        strangers.insert(name)
        // Perhaps a message of a room that has yet another name by now: it is in that room's log.
        return epoch == nil ? actions + rooms.values.compactMap(\.epoch).sorted().map { .locate(epoch: $0) } : actions
    }

    /// Gives a name to the followed room with this epoch, if there is one.
    private mutating func take(_ name: RoomName, for epoch: String) -> [Action] {
        if let old = rooms.first(where: { $0.value.epoch == epoch })?.key {
            guard old != name, let room = rooms.removeValue(forKey: old) else { return [] }
            return follow(room, as: name)
        }
        return displaced.removeValue(forKey: epoch).map { follow($0.room, as: name) } ?? []
    }

    /// Joins the room under its new name. Frames on their way here were sent under older ones, and nobody can tell of which
    /// room they are: they are passed over, and the join brings what they had.
    private mutating func follow(_ room: Followed, as name: RoomName) -> [Action] {
        strangers.remove(name)
        rooms[name] = room
        rooms[name]?.disconnect()
        return isConnected ? join(name) : []
    }

    mutating func displace(
        _ name: RoomName, _ room: Followed, _ epoch: String, successor: Successor? = nil, refusal: ChatError? = nil
    ) -> [Action] {
        rooms[name] = nil
        displaced[epoch] = Displaced(room: room, name: name, successor: successor, refusal: refusal)
        return [.locate(epoch: epoch)]
    }

    /// What a log's room is called now, in answer to ``Action/locate(epoch:)``; nil when the log is gone.
    mutating func located(_ epoch: String, as log: RoomLog?) -> [Action] {
        guard let lost = displaced.removeValue(forKey: epoch) else {
            return log.map { caughtUp(with: $0) } ?? []
        }
        guard let name = log?.name else { return gone(lost) }
        if lost.refusal != nil, name == lost.name, let number = lost.room.join {
            return againUnder(name, lost.room, number)
        }
        var actions: [Action] = []
        if let holder = rooms[name], let other = holder.epoch, other != epoch {
            actions += displace(name, holder, other)
        }
        // The server has joined this connection to the room that has the old name.
        if lost.successor != nil, rooms[lost.name] == nil { actions.append(.send(ClientFrame.leave(lost.name))) }
        return actions + follow(lost.room, as: name)
    }

    /// The room has the name again with which its join was refused a moment ago.
    private mutating func againUnder(_ name: RoomName, _ room: Followed, _ number: Int64) -> [Action] {
        rooms[name] = room
        rooms[name]?.refusals += 1
        return [.rejoin(Join(room: name, number: number), attempt: room.refusals + 1, atLeast: .zero)]
    }

    /// A followed room is seen under its present name, and read as far as its log goes.
    private mutating func caughtUp(with log: RoomLog) -> [Action] {
        let actions = identified(log.name, as: log.epoch)
        guard let room = rooms[log.name], room.epoch == log.epoch, room.isJoined, let number = room.join,
            log.lastSeq > room.last
        else { return actions }
        let gap = Gap(join: Join(room: log.name, number: number), after: room.last, through: log.lastSeq)
        return actions + [.fetch(gap)]
    }

    /// A log is gone. Where its room was made anew under its name, the new log is followed from its beginning.
    private mutating func gone(_ lost: Displaced) -> [Action] {
        guard let successor = lost.successor, rooms[successor.name] == nil, let number = lost.room.join else {
            let error = lost.refusal ?? .noRoom(lost.name)
            return lose(lost.name, error, reason: Self.reason(of: error) ?? .deleted)
        }
        var room = lost.room
        room.last = 0
        room.epoch = successor.epoch
        room.isJoined = true
        rooms[successor.name] = room
        let notice = Action.item(.notice("room \(successor.name) was made anew: begins anew"))
        guard successor.end > 0 else { return [notice] }
        let gap = Gap(join: Join(room: successor.name, number: number), after: 0, through: successor.end)
        return [notice, .fetch(gap)]
    }

    /// A question could not be answered.
    mutating func failedToIdentify(_ error: ChatError) -> [Action] {
        Self.isTransient(error) ? lost() : [.fail(error)]
    }

    /// Asks for the present names of rooms that were lost from sight before the connection was.
    func locations() -> [Action] { displaced.keys.sorted().map { .locate(epoch: $0) } }

    /// What the server reports of a room may be that its name has another owner.
    func suspect(_ name: RoomName) -> [Action] {
        rooms.values.contains { $0.epoch != nil } ? [.identify(name, then: nil)] : []
    }

    /// The log that a gap is part of; nil when its room is no longer followed.
    func log(of gap: Gap) -> RoomLog? {
        guard let name = name(of: gap.join), let room = rooms[name], let epoch = room.epoch else { return nil }
        return RoomLog(name: name, epoch: epoch, lastSeq: gap.through)
    }
}
