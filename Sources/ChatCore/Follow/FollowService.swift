/// A position in a room's log: the messages after `after` are still to be read.
package struct RoomPosition: Sendable, Hashable {
    package let room: RoomName
    package let after: Int64
    /// The log that is meant, whatever its room is called; nil for the one that the room of this name has.
    package let epoch: String?

    package init(room: RoomName, after: Int64, epoch: String? = nil) {
        self.room = room
        self.after = after
        self.epoch = epoch
    }
}

/// What a feed delivers.
package enum FeedItem: Sendable, Equatable {
    /// The epoch says which log it is a message of: a name may mean one room now and another one later.
    case message(Message, epoch: String)
    case messageDeleted(room: RoomName, seq: Int64)
    case messageEdited(Message)
    case onlineCount(room: RoomName, count: Int)
    case presence(room: RoomName, joined: [Username], left: [Username])
    case typing(room: RoomName, username: Username)
    /// A room that the feed follows, or that its user may see, was created or changed.
    case room(Room)
    /// The feed's user lost access to the room; the other rooms continue.
    case removed(room: RoomName, reason: RemovalReason)
    /// Something to show a person, such as a reconnect; not part of a log.
    case notice(String)
}

/// Follows several rooms at once, each from a position in its log, in this process or on a server.
///
/// Messages of a room arrive in `seq` order, without gaps or duplicates, history and live alike. Presence and typing
/// are ephemeral: when a consumer is slow, the oldest are dropped.
package protocol Feed: Sendable {
    /// Starts following a room after a position. No-op if it is already followed.
    ///
    /// - Throws: `roomNotFound`, `banned`, `notAMember`, `unavailable`; a remote feed throws them from ``next()``.
    func add(_ position: RoomPosition) async throws(ChatError)
    /// Stops following a room; none of its items are delivered after this returns. No-op if it is not followed.
    func remove(_ room: RoomName) async
    /// Waits for the next item; returns nil once the task is cancelled or the feed is closed. Supports a single
    /// consumer.
    ///
    /// - Throws: the reason when following cannot continue.
    func next() async throws(ChatError) -> FeedItem?
    /// Ends the feed. No-op if already closed.
    func close() async
}

/// Following rooms as they grow, in this process or on a server.
package protocol FollowService: Sendable {
    /// Creates a feed without rooms. Feeds in one process are independent of each other.
    func feed() async throws(ChatError) -> any Feed
}

extension FollowService {
    /// Follows a fixed set of rooms until the consumer stops. Throws a `ChatError` when following cannot continue.
    package func follow(_ rooms: [RoomPosition]) -> AsyncThrowingStream<FeedItem, any Error> {
        let opening = FeedOpening(service: self, rooms: rooms)
        return AsyncThrowingStream { try await opening.next() }
    }
}

/// Opens a feed lazily, when the first item is requested.
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
