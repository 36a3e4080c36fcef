/// How far somebody has read in a room.
package struct RoomPosition: Sendable, Hashable {
    package let room: RoomName
    package let after: Int64

    package init(room: RoomName, after: Int64) {
        self.room = room
        self.after = after
    }
}

/// What a feed brings.
package enum FeedItem: Sendable, Equatable {
    case message(Message)
    case messageDeleted(room: RoomName, seq: Int64)
    case onlineCount(room: RoomName, count: Int)
    case presence(room: RoomName, joined: [Username], left: [Username])
    case typing(room: RoomName, username: Username)
    /// A room that the feed follows, or that its user may see, was made or changed.
    case room(Room)
    /// The feed's user lost the room; the other rooms go on.
    case removed(room: RoomName, reason: RemovalReason)
    /// Something a person should know, such as a reconnection; not part of a log.
    case notice(String)
}

/// Rooms followed together, each from a position in its log, in this process or on a server.
///
/// Messages of a room come in `seq` order, without hole or repetition, history and live alike. Presence and typing
/// are passing: what a slow consumer did not take in time is dropped, oldest first.
package protocol Feed: Sendable {
    /// Follows a room from behind a position. No-op for a room that is followed already.
    ///
    /// - Throws: `roomNotFound`, `banned`, `notAMember`, `unavailable`; a remote feed throws them from ``next()``.
    func add(_ position: RoomPosition) async throws(ChatError)
    /// Follows a room no longer; nothing of it comes after this returns. No-op for a room that is not followed.
    func remove(_ room: RoomName) async
    /// Waits for the next item; nil once the task is cancelled or the feed closed. For one consumer.
    ///
    /// - Throws: when following is no longer possible.
    func next() async throws(ChatError) -> FeedItem?
    /// Ends the feed. No-op when it has ended.
    func close() async
}

/// Following rooms as they grow, in this process or on a server.
package protocol FollowService: Sendable {
    /// A new feed without rooms. Feeds of one process do not disturb each other.
    func feed() async throws(ChatError) -> any Feed
}

extension FollowService {
    /// A feed of rooms that stay the same, until the consumer stops. Ends with a `ChatError` when following is no
    /// longer possible.
    package func follow(_ rooms: [RoomPosition]) -> AsyncThrowingStream<FeedItem, any Error> {
        let opening = FeedOpening(service: self, rooms: rooms)
        return AsyncThrowingStream { try await opening.next() }
    }
}

/// Opens a feed when its first item is asked for.
private actor FeedOpening {
    private let service: any FollowService
    private let rooms: [RoomPosition]
    private var feed: (any Feed)?

    init(service: any FollowService, rooms: [RoomPosition]) {
        self.service = service
        self.rooms = rooms
    }

    func next() async throws(ChatError) -> FeedItem? {
        let feed = try await opened()
        do throws(ChatError) {
            let item = try await feed.next()
            if item == nil { await feed.close() }
            return item
        } catch {
            await feed.close()
            throw error
        }
    }

    private func opened() async throws(ChatError) -> any Feed {
        if let feed { return feed }
        let fresh = try await service.feed()
        feed = fresh
        for room in rooms { try await fresh.add(room) }
        return fresh
    }
}
