/// A server process as the database knows it.
package struct NodeID: Hashable, Sendable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
}

/// Who came and went in one room, over all nodes.
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

/// Where nodes and the seats they hold are kept; only rows of nodes whose lease lives count.
package protocol PresenceStore: Sendable {
    /// Makes this process a node, in place of an earlier one of the same name, whose seats are cleared.
    func registerNode(
        named name: String, at: Timestamp, leaseUntil: Timestamp
    ) async throws(ChatError) -> (node: NodeID, changes: [PresenceChange])
    /// Whether the node was still known; false after it was swept, then it must register anew.
    func renewLease(of node: NodeID, until: Timestamp) async throws(ChatError) -> Bool
    /// Removes nodes whose lease ended, and what their going changed.
    func sweepNodes(at: Timestamp) async throws(ChatError) -> [PresenceChange]
    func removeNode(_ node: NodeID, at: Timestamp) async throws(ChatError) -> [PresenceChange]
    /// Writes counts of this node and answers who thereby came or went, over all nodes.
    func writeSeats(_ counts: [SeatCount], of node: NodeID, at: Timestamp) async throws(ChatError) -> [PresenceChange]
    func onlineUsers(in room: RoomID, at: Timestamp) async throws(ChatError) -> [OnlineUser]
    func onlineCount(in room: RoomID, at: Timestamp) async throws(ChatError) -> Int
}
