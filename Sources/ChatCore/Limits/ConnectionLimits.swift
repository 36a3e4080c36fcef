// A client that does not wait for answers must not make work pile up. Each frame that causes work is in flight from the
// moment it is read until it is answered; once too many are in flight, the connection is read no further and TCP
// applies back-pressure to the client. One limit on frames in flight thus bounds tasks, queues and memory.

/// The limits of one live connection, as a value: what it may start now, and what is dropped.
package struct ConnectionLimits: Sendable {
    /// Frames that were read and not yet answered.
    package private(set) var inFlight = 0
    /// Rooms with joins in flight, and how many of each.
    private var joining: [RoomName: Int] = [:]
    private var joinsAsking = 0
    private var typingShown: [RoomID: Timestamp] = [:]

    package init() {}

    // MARK: Work

    /// While true, no frame may be read.
    package var isFull: Bool { inFlight >= Limits.inFlightPerConnection }

    /// Reading resumes once this is true; the distance from ``isFull`` avoids resuming for a single frame.
    package var isHalfEmpty: Bool { inFlight <= Limits.inFlightPerConnection / 2 }

    package mutating func begin() { inFlight += 1 }

    package mutating func end() { inFlight -= 1 }

    // MARK: Joins

    /// Counts a join as in flight.
    ///
    /// - Parameters:
    ///   - joined: how many rooms the connection has joined.
    ///   - isJoined: true if `room` is one of them.
    /// - Throws: `rateLimited` when joined rooms and joins in flight have reached ``Limits/roomsPerConnection``.
    package mutating func beginJoin(of room: RoomName, joined: Int, isJoined: Bool) throws(ChatError) {
        guard isJoined || joining[room] != nil || joined + joining.count < Limits.roomsPerConnection else {
            throw Self.tooManyRooms
        }
        joining[room, default: 0] += 1
    }

    /// True if joins in flight decide whether there is a place for another room: a join that fails leaves its place.
    ///
    /// - Parameter joined: how many rooms the connection has joined.
    package func awaitsPlace(for room: RoomName, joined: Int) -> Bool {
        joining[room] == nil && joined < Limits.roomsPerConnection
            && joined + joining.count >= Limits.roomsPerConnection
    }

    package mutating func endJoin(of room: RoomName) {
        guard let count = joining[room] else { return }
        joining[room] = count > 1 ? count - 1 : nil
        // An empty dictionary keeps its memory.
        if joining.isEmpty { joining = [:] }
    }

    package func isJoining(_ room: RoomName) -> Bool { joining[room] != nil }

    package var hasJoins: Bool { !joining.isEmpty }

    /// Takes one of the ``Limits/joinsAtOnce`` slots for database reads; returns false if the join must wait.
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

    /// Returns true if typing may be shown in a room now, and notes the time; returns false within
    /// ``Limits/typingInterval`` of the last notice.
    package mutating func takeTyping(in room: RoomID, at moment: Timestamp) -> Bool {
        // A clock that was set back must not suppress typing for long.
        if let last = typingShown[room], last <= moment, last + Limits.typingInterval > moment { return false }
        if typingShown.count >= Limits.roomsPerConnection {
            typingShown = typingShown.filter { $0.value + Limits.typingInterval > moment }
        }
        typingShown[room] = moment
        return true
    }
}
