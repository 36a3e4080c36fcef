/// The database id of a server process.
package struct NodeID: Hashable, Sendable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
}

/// Who came and went in one room, across all nodes.
package struct PresenceChange: Sendable, Equatable, Codable {
    package let room: RoomReference
    package var joined: [Username]
    package var left: [Username]

    package init(room: RoomReference, joined: [Username] = [], left: [Username] = []) {
        self.room = room
        self.joined = joined
        self.left = left
    }
}

/// A user who is online in a room.
package struct OnlineUser: Sendable, Equatable {
    package let username: Username
    package let connections: Int
    package let since: Timestamp

    package init(username: Username, connections: Int, since: Timestamp) {
        self.username = username
        self.connections = connections
        self.since = since
    }
}

/// Who is online in a room.
package struct RoomPresence: Sendable, Equatable {
    package let room: RoomName
    package let users: [OnlineUser]

    package init(room: RoomName, users: [OnlineUser]) {
        self.room = room
        self.users = users
    }
}

/// Stores nodes and the seats they hold; only seats of nodes with a valid lease count.
package protocol PresenceStore: Sendable {
    /// Registers this process as a node. Replaces an earlier node of the same name and clears its seats.
    func registerNode(
        named name: String, at: Timestamp, leaseUntil: Timestamp
    ) async throws(ChatError) -> (node: NodeID, changes: [PresenceChange])
    /// Returns false if the node was swept and must register again.
    func renewLease(of node: NodeID, until: Timestamp) async throws(ChatError) -> Bool
    /// Removes nodes whose lease has expired, and returns the resulting changes.
    func sweepNodes(at: Timestamp) async throws(ChatError) -> [PresenceChange]
    func removeNode(_ node: NodeID, at: Timestamp) async throws(ChatError) -> [PresenceChange]
    /// Writes this node's counts and returns who came or went as a result, across all nodes.
    func writeSeats(_ counts: [SeatCount], of node: NodeID, at: Timestamp) async throws(ChatError) -> [PresenceChange]
    func onlineUsers(in room: RoomID, at: Timestamp) async throws(ChatError) -> [OnlineUser]
    func onlineCount(in room: RoomID, at: Timestamp) async throws(ChatError) -> Int
    /// How many users are online in each of these rooms, without those in which nobody is.
    func onlineCounts(in rooms: [RoomID], at: Timestamp) async throws(ChatError) -> [RoomID: Int]
}
