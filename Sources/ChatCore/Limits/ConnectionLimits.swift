// A client that does not wait for answers must not make work pile up. Each frame that makes work is under way from
// the moment it is read until it is answered; with enough of them under way the connection is read no further, and
// TCP holds the client back. So a bound on what is under way bounds tasks, queues and memory alike.

/// The bounds of one live connection (contract §3), as a value: what it may begin now, and what is dropped.
package struct ConnectionLimits: Sendable {
    /// Frames that were read and not yet dealt with.
    package private(set) var underWay = 0
    /// Rooms with a join under way, and how many of each.
    private var joining: [RoomName: Int] = [:]
    private var joinsAsking = 0
    private var typingShown: [RoomID: Timestamp] = [:]

    package init() {}

    // MARK: Work

    /// No frame may be read while this is true.
    package var isFull: Bool { underWay >= Limits.underWayPerConnection }

    /// Reading goes on once this is true, with room for more than one frame.
    package var isHalfEmpty: Bool { underWay <= Limits.underWayPerConnection / 2 }

    package mutating func begin() { underWay += 1 }

    package mutating func end() { underWay -= 1 }

    // MARK: Joins

    /// Notes that a join begins.
    ///
    /// - Parameter joined: how many rooms the connection has joined; `isJoined` when `room` is one of them.
    /// - Throws: `rateLimited` when the joined rooms and those under way are ``Limits/roomsPerConnection``.
    package mutating func beginJoin(of room: RoomName, joined: Int, isJoined: Bool) throws(ChatError) {
        guard isJoined || joining[room] != nil || joined + joining.count < Limits.roomsPerConnection else {
            throw Self.tooManyRooms
        }
        joining[room, default: 0] += 1
    }

    package mutating func endJoin(of room: RoomName) {
        guard let count = joining[room] else { return }
        joining[room] = count > 1 ? count - 1 : nil
    }

    /// Takes one of the ``Limits/joinsAtOnce`` places to ask the database; false when the join must wait.
    package mutating func takeJoinPlace() -> Bool {
        guard joinsAsking < Limits.joinsAtOnce else { return false }
        joinsAsking += 1
        return true
    }

    package mutating func giveJoinPlaceBack() { joinsAsking -= 1 }

    package static var tooManyRooms: ChatError {
        ChatError(.rateLimited, "join: more than \(Limits.roomsPerConnection) rooms on one connection")
    }

    // MARK: Typing

    /// Takes the turn to show typing in a room; false when it was shown less than ``Limits/typingInterval`` ago.
    package mutating func takeTyping(in room: RoomID, at moment: Timestamp) -> Bool {
        // A clock that was set back must not silence anybody for long.
        if let last = typingShown[room], last <= moment, last + Limits.typingInterval > moment { return false }
        typingShown[room] = moment
        return true
    }

    package mutating func left(_ room: RoomID) { typingShown[room] = nil }
}
