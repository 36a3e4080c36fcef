import ChatCore

/// Somebody who speaks and hears in a session, with rooms and rights of their own.
struct ReplPersona: Sendable {
    /// nil for nobody: the session reads, and cannot post.
    let name: Username?
    let backend: Backend
    var feed: (any Feed)?
    /// Shows what the feed brings.
    var reader: Task<Void, Never>?
    /// The rooms that are followed, in the order in which they were joined, with the epochs of their logs.
    private(set) var rooms: [(name: RoomName, epoch: String)] = []
    /// The current room: where a text goes.
    private(set) var room: RoomName?
    private(set) var unread: [RoomName: Int] = [:]
    /// The last message that this person posted, for `/edit` without a number.
    var lastPost: (room: RoomName, seq: Int64)?

    init(name: Username?, backend: Backend) {
        (self.name, self.backend) = (name, backend)
    }

    func follows(_ room: RoomName) -> Bool { rooms.contains { $0.name == room } }

    mutating func joined(_ room: RoomName, epoch: String) {
        if !follows(room) { rooms.append((room, epoch)) }
        enter(room)
    }

    mutating func enter(_ room: RoomName) {
        self.room = room
        unread[room] = nil
    }

    /// The next room takes its place.
    mutating func left(_ room: RoomName) {
        rooms.removeAll { $0.name == room }
        unread[room] = nil
        if self.room == room { self.room = rooms.last?.name }
    }

    /// Counts a message of a followed room. Its room may have been renamed: the epoch says which one it is.
    mutating func heard(_ message: Message, epoch: String) {
        if let index = rooms.firstIndex(where: { $0.epoch == epoch }), rooms[index].name != message.room.name {
            let old = rooms[index].name
            rooms[index].name = message.room.name
            if room == old { room = message.room.name }
            unread[message.room.name] = unread.removeValue(forKey: old)
        }
        if message.room.name != room { unread[message.room.name, default: 0] += 1 }
    }

    /// Nothing is followed any more.
    mutating func lost() {
        (feed, reader, rooms, room, unread) = (nil, nil, [], nil, [:])
    }
}
