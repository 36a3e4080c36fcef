/// A user in a room.
package struct Seat: Hashable, Sendable {
    package let room: RoomID
    package let user: UserID

    package init(room: RoomID, user: UserID) {
        self.room = room
        self.user = user
    }
}

/// Counts one node's connections of each user in each room and remembers which counts still have to be written.
///
/// Two tabs are one seat with a count of 2. Changes that cancel out before they are written are not written.
package struct PresenceLedger: Sendable {
    private var connections: [Seat: Int] = [:]
    private var unwritten: Set<Seat> = []

    package init() {}

    package mutating func enter(_ seat: Seat) {
        connections[seat, default: 0] += 1
        unwritten.insert(seat)
    }

    /// Leaving a seat that nobody holds changes nothing.
    package mutating func leave(_ seat: Seat) {
        guard let count = connections[seat] else { return }
        connections[seat] = count > 1 ? count - 1 : nil
        unwritten.insert(seat)
    }

    /// The present counts of all seats that changed since the last call.
    package mutating func takeChanges() -> [SeatCount] {
        defer { unwritten.removeAll(keepingCapacity: true) }
        return unwritten.map { SeatCount(seat: $0, connections: connections[$0] ?? 0) }
    }

    /// Marks seats as still to be written, after a write of them failed.
    package mutating func putBack(_ changes: [SeatCount]) {
        unwritten.formUnion(changes.map(\.seat))
    }

    /// Marks every seat as to be written: the database has lost this node's rows.
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
