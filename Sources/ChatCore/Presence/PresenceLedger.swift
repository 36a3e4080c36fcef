/// A user's presence in a room, whatever the number of connections.
package struct Seat: Hashable, Sendable {
    package let room: RoomID
    package let user: UserID

    package init(room: RoomID, user: UserID) {
        self.room = room
        self.user = user
    }
}

/// Counts one node's connections per user and room, and tracks which counts are still to be written.
///
/// Two tabs are one seat with a count of 2. A change that is undone before it is written costs no extra write.
package struct PresenceLedger: Sendable {
    private var connections: [Seat: Int] = [:]
    private var unwritten: Set<Seat> = []

    package init() {}

    package mutating func enter(_ seat: Seat) {
        connections[seat, default: 0] += 1
        unwritten.insert(seat)
    }

    /// No-op if nobody holds the seat.
    package mutating func leave(_ seat: Seat) {
        guard let count = connections[seat] else { return }
        connections[seat] = count > 1 ? count - 1 : nil
        unwritten.insert(seat)
    }

    /// Returns the current counts of seats that changed and were not taken since, at most `limit` of them.
    package mutating func takeChanges(atMost limit: Int) -> [SeatCount] {
        let taken = unwritten.count <= limit ? unwritten : Set(unwritten.prefix(limit))
        if taken.count == unwritten.count {
            unwritten.removeAll(keepingCapacity: true)
        } else {
            unwritten.subtract(taken)
        }
        return taken.map { SeatCount(seat: $0, connections: connections[$0] ?? 0) }
    }

    /// Marks seats as unwritten again after a write failed.
    package mutating func putBack(_ changes: [SeatCount]) {
        unwritten.formUnion(changes.map(\.seat))
    }

    /// Marks every seat as unwritten: the database has lost this node's rows.
    package mutating func rewriteAll() {
        unwritten.formUnion(connections.keys)
    }

    package func connections(in seat: Seat) -> Int { connections[seat] ?? 0 }

    package var isSettled: Bool { unwritten.isEmpty }
}

/// How many connections of a user a node holds in a room.
package struct SeatCount: Sendable, Equatable {
    package let seat: Seat
    package let connections: Int

    package init(seat: Seat, connections: Int) {
        self.seat = seat
        self.connections = connections
    }
}
