import ChatCore
import NIOCore
import Synchronization

/// One Redis server with its two connections: a connection that subscribes may not publish.
final class RedisServer: Sendable {
    private struct Interest {
        var rooms: Set<RoomID> = []
        /// Gets a payload, or nil when some may have been missed.
        var hear: (@Sendable (RoomID, ByteBuffer?) -> Void)?
        var subscribed: (@Sendable (RoomID) -> Void)?
        /// Subscriptions of a new connection that the server has not confirmed.
        var unconfirmed = 0
        var publishes = false
    }

    private let address: RedisAddress
    private let loop: any EventLoop
    private let prefix: String
    private let publisher: RedisLink
    private let interest = Mutex(Interest())
    private let subscriber = Mutex<RedisLink?>(nil)

    init(_ address: RedisAddress, on loop: any EventLoop, prefix: String) {
        self.address = address
        self.loop = loop
        self.prefix = prefix
        publisher = RedisLink(address, on: loop, RedisLink.Ears())
    }

    /// Begins to bring payloads.
    func hear(
        _ hear: @escaping @Sendable (RoomID, ByteBuffer?) -> Void, subscribed: @escaping @Sendable (RoomID) -> Void
    ) {
        interest.withLock { interest in
            interest.hear = hear
            interest.subscribed = subscribed
        }
        let link = RedisLink(
            address, on: loop,
            RedisLink.Ears(
                connected: { [weak self] in self?.subscribeToAll() }, heard: { [weak self] in self?.take($0) }))
        subscriber.withLock { $0 = link }
        link.begin()
        beginToPublish()
    }

    /// - Throws: `unavailable` when the server is not there in time.
    func ready() async throws(ChatError) {
        for link in [subscriber.withLock { $0 }, publisher].compactMap({ $0 }) {
            await link.ready(within: Limits.connect)
            if let fault = link.fault { throw fault }
        }
    }

    func follow(_ room: RoomID) {
        let isNew = interest.withLock { $0.rooms.insert(room).inserted }
        if isNew { _ = subscriber.withLock { $0 }?.send(RedisCommand.bytes(["SUBSCRIBE", channel(of: room)])) }
    }

    func unfollow(_ room: RoomID) {
        let isGone = interest.withLock { $0.rooms.remove(room) != nil }
        if isGone { _ = subscriber.withLock { $0 }?.send(RedisCommand.bytes(["UNSUBSCRIBE", channel(of: room)])) }
    }

    /// Hands a payload to the connection. False when it is not there.
    func publish(_ payload: [UInt8], in room: RoomID) async -> Bool {
        if beginToPublish() { await publisher.ready(within: Limits.busFlush) }
        return publisher.send(RedisCommand.bytes(["PUBLISH", channel(of: room)], payload: payload))
    }

    var fault: ChatError? {
        subscriber.withLock { $0 }?.fault ?? (interest.withLock { $0.publishes } ? publisher.fault : nil)
    }

    /// Ends both connections; what is published later goes nowhere.
    func end() async {
        let link = subscriber.withLock { link in
            defer { link = nil }
            return link
        }
        await link?.end(awaitingAnswers: false)
        if interest.withLock({ $0.publishes }) { await publisher.end(awaitingAnswers: true) }
    }

    /// How well this server suits a room; the server with the highest mark gets it (FNV-1a, then a mix of the bits).
    func mark(of room: RoomID) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(address) \(room.value)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        return hash ^ (hash >> 33)
    }

    /// Whether this call was the first to connect the publisher.
    @discardableResult
    private func beginToPublish() -> Bool {
        let isFirst = interest.withLock { interest in
            defer { interest.publishes = true }
            return !interest.publishes
        }
        if isFirst { publisher.begin() }
        return isFirst
    }

    private func channel(of room: RoomID) -> String { "\(prefix)\(room.value)" }

    /// A new connection knows nothing: it asks for all rooms again, and once it has them the log must be looked at.
    private func subscribeToAll() {
        let (rooms, hear) = interest.withLock { interest in
            interest.unconfirmed = interest.rooms.count
            return (Array(interest.rooms), interest.hear)
        }
        guard !rooms.isEmpty, let link = subscriber.withLock({ $0 }) else {
            hear?(RoomID(0), nil)
            return
        }
        for start in stride(from: 0, to: rooms.count, by: 500) {
            let channels = rooms[start..<min(start + 500, rooms.count)].map { channel(of: $0) }
            _ = link.send(RedisCommand.bytes(["SUBSCRIBE"] + channels))
        }
    }

    private func take(_ reply: RedisReply) {
        switch reply {
        case .fine, .failure: break
        case .subscribed(let channel): confirmed(room(of: channel))
        case .message(let channel, let payload):
            guard let room = room(of: channel), let hear = interest.withLock({ $0.hear }) else { return }
            hear(room, payload)
        }
    }

    private func confirmed(_ room: RoomID?) {
        guard let room else { return }
        let (hear, subscribed, isLast, isSingle) = interest.withLock { interest in
            let wasOpen = interest.unconfirmed > 0
            if wasOpen { interest.unconfirmed -= 1 }
            return (interest.hear, interest.subscribed, wasOpen && interest.unconfirmed == 0, !wasOpen)
        }
        if isSingle { subscribed?(room) }
        if isLast { hear?(room, nil) }
    }

    private func room(of channel: String) -> RoomID? {
        channel.hasPrefix(prefix) ? Int64(channel.dropFirst(prefix.count)).map { RoomID($0) } : nil
    }
}
