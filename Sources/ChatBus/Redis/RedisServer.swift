import ChatCore
import NIOCore
import Synchronization

/// One Redis server with two connections: one that has subscribed may not publish.
final class RedisServer: Sendable {
    /// What a server tells its bus.
    enum News: Sendable {
        case payload(ByteBuffer, room: RoomID)
        /// The subscription to the room has taken effect; what was published before went unheard.
        case subscribed(RoomID)
        /// A new connection has all its subscriptions. While there was none, payloads for any room may have been missed.
        case reconnected
    }

    private struct State {
        var subscriptions = RedisSubscriptions()
        var subscriber: RedisLink?
        var receive: (@Sendable (News) -> Void)?
        var publishes = false
    }

    /// Channels in one SUBSCRIBE command: few commands, none of them longer than some 20 KB.
    private static let channelsPerCommand = 500

    private let address: RedisAddress
    private let loop: any EventLoop
    private let prefix: String
    private let publisher: RedisLink
    private let state = Mutex(State())

    /// - Parameter prefix: precedes the room's number in the name of its channel.
    init(_ address: RedisAddress, on loop: any EventLoop, prefix: String) {
        self.address = address
        self.loop = loop
        self.prefix = prefix
        publisher = RedisLink(address, on: loop, RedisLink.Callbacks())
    }

    /// Connects and calls `receive` on the event loop with what arrives.
    func listen(_ receive: @escaping @Sendable (News) -> Void) {
        let link = RedisLink(
            address, on: loop,
            RedisLink.Callbacks(
                connected: { [weak self] in self?.subscribeToAll() }, heard: { [weak self] in self?.take($0) }))
        state.withLock { state in
            state.receive = receive
            state.subscriber = link
        }
        link.begin()
        beginToPublish()
    }

    /// Waits for both connections.
    ///
    /// - Throws: `unavailable` when one cannot be made within ``Limits/connect``.
    func ready() async throws(ChatError) {
        for link in [state.withLock { $0.subscriber }, publisher].compactMap({ $0 }) {
            await link.ready(within: Limits.connect)
            if let fault = link.fault { throw fault }
        }
    }

    func follow(_ room: RoomID) {
        let (isNew, link) = state.withLock { ($0.subscriptions.add(room), $0.subscriber) }
        if isNew { _ = link?.send(RedisCommand.bytes(["SUBSCRIBE", channel(of: room)])) }
    }

    func unfollow(_ room: RoomID) {
        let (isGone, link) = state.withLock { ($0.subscriptions.remove(room), $0.subscriber) }
        if isGone { _ = link?.send(RedisCommand.bytes(["UNSUBSCRIBE", channel(of: room)])) }
    }

    /// Hands a payload to the connection. Returns false when there is none.
    func publish(_ payload: [UInt8], in room: RoomID) async -> Bool {
        if beginToPublish() { await publisher.ready(within: Limits.busFlush) }
        return publisher.send(RedisCommand.bytes(["PUBLISH", channel(of: room)], payload: payload))
    }

    var fault: ChatError? {
        let (subscriber, publishes) = state.withLock { ($0.subscriber, $0.publishes) }
        return subscriber?.fault ?? (publishes ? publisher.fault : nil)
    }

    /// Closes both connections; what is published later is refused.
    func end() async {
        let (subscriber, publishes) = state.withLock { state in
            defer { state.subscriber = nil }
            return (state.subscriber, state.publishes)
        }
        await subscriber?.end(awaitingAnswers: false)
        if publishes { await publisher.end(awaitingAnswers: true) }
    }

    /// The server's score for a room in rendezvous hashing. FNV-1a alone differs too little between similar texts, so its
    /// bits are mixed (the first round of MurmurHash3's finaliser).
    func score(of room: RoomID) -> UInt64 {
        var hash = FNV1a.hash("\(address) \(room.value)")
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        return hash ^ (hash >> 33)
    }

    /// Returns true for the one call that made the publisher connect.
    @discardableResult
    private func beginToPublish() -> Bool {
        let isFirst = state.withLock { state in
            defer { state.publishes = true }
            return !state.publishes
        }
        if isFirst { publisher.begin() }
        return isFirst
    }

    private func subscribeToAll() {
        let (rooms, link, receive) = state.withLock { ($0.subscriptions.restart(), $0.subscriber, $0.receive) }
        guard !rooms.isEmpty, let link else {
            receive?(.reconnected)
            return
        }
        for start in stride(from: 0, to: rooms.count, by: Self.channelsPerCommand) {
            let channels = rooms[start..<min(start + Self.channelsPerCommand, rooms.count)].map { channel(of: $0) }
            _ = link.send(RedisCommand.bytes(["SUBSCRIBE"] + channels))
        }
    }

    private func take(_ reply: RedisReply) {
        switch reply {
        case .fine, .failure: break
        case .subscribed(let channel):
            guard let room = room(of: channel) else { return }
            let (confirmation, receive) = state.withLock { ($0.subscriptions.confirm(), $0.receive) }
            switch confirmation {
            case .single: receive?(.subscribed(room))
            case .oneOfMany: break
            case .last: receive?(.reconnected)
            }
        case .message(let channel, let payload):
            guard let room = room(of: channel), let receive = state.withLock({ $0.receive }) else { return }
            receive(.payload(payload, room: room))
        }
    }

    private func channel(of room: RoomID) -> String { "\(prefix)\(room.value)" }

    private func room(of channel: String) -> RoomID? {
        channel.hasPrefix(prefix) ? Int64(channel.dropFirst(prefix.count)).map { RoomID($0) } : nil
    }
}
