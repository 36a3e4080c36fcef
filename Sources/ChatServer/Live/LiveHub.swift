import ChatCore
import ChatWire
import NIOCore
import Synchronization

/// Fans out to one event loop's live connections, and tracks which rooms they have joined.
///
/// `@unchecked Sendable`: the inbox is guarded by its mutex; everything else is accessed on `loop` only.
final class LiveHub: Hub, @unchecked Sendable {
    private enum Post: Sendable {
        case item(HubItem)
        case finished(LiveConnection, answer: [UInt8])
    }

    private struct Inbox {
        var posts: [Post] = []
        var isScheduled = false
    }

    let loop: any EventLoop
    private let chat: Chat
    /// The event loop in the log.
    private let name: String
    private let inbox = Mutex(Inbox())
    private var channels: [RoomID: RoomChannel] = [:]
    private var dirtyChannels: [RoomChannel] = []
    private var dirtyConnections: [LiveConnection] = []
    private(set) var connections: [ObjectIdentifier: LiveConnection] = [:]
    private var byUser: [UserID: [LiveConnection]] = [:]
    /// Seconds since the start; a coarse clock for the heartbeat.
    private(set) var tick: UInt32 = 0
    lazy var counts = PresenceFrames(hub: self)
    /// Created lazily on the loop's thread, because the kernel binds it to that thread.
    private lazy var ring = SendRing()

    /// Lets joins under way notice what happens to their rooms.
    private(set) var roomChanges = RoomChanges()
    /// Checks the rights of all connections.
    private var checking: Task<Void, Never>?

    /// Connections that have had their turn and wait for the next one.
    private var resting = 0

    /// Counts since the last heartbeat.
    private var sent = HubCounts()

    init(loop: any EventLoop, number: Int, chat: Chat) {
        self.loop = loop
        name = "event loop \(number)"
        self.chat = chat
    }

    var clock: WallClock { chat.clock }

    // MARK: From anywhere

    func post(_ item: HubItem) { enter(.item(item)) }

    /// Reports that the work for a frame is done. The answer, if any, is sent together with the turn's other frames for
    /// that connection.
    func finish(_ connection: LiveConnection, answer: [UInt8] = []) { enter(.finished(connection, answer: answer)) }

    private func enter(_ post: Post) {
        let mustWake = inbox.withLock { inbox in
            inbox.posts.append(post)
            defer { inbox.isScheduled = true }
            return !inbox.isScheduled
        }
        if mustWake { loop.execute { self.drain() } }
    }

    // MARK: On the loop

    /// Handles everything posted, then sends: one write per connection, one buffer per room.
    func drain() {
        let posts = inbox.withLock { inbox in
            inbox.isScheduled = false
            defer { inbox.posts = [] }
            return inbox.posts
        }
        for post in posts {
            switch post {
            case .item(let item): handle(item)
            case .finished(let connection, let answer): connection.finished(answer)
            }
        }
        flush()
    }

    /// Marks a connection that has bytes to send at the end of the turn.
    func willFlush(_ connection: LiveConnection) {
        dirtyConnections.append(connection)
    }

    func flush() {
        let rooms = dirtyChannels
        dirtyChannels.removeAll(keepingCapacity: true)
        // Answers first: `joined` must reach a client before the room's next message.
        flushConnections()
        for channel in rooms {
            if let rest = channel.rest.due(at: .now()) { sendLater(channel, in: rest) } else { send(channel) }
        }
        flushConnections()
    }

    private func send(_ channel: RoomChannel) {
        guard channel.hasPending else { return }
        let begin = NIODeadline.now()
        sent.broadcasts += 1
        sent.deliveries += channel.subscriptions.count
        sent.bytes += channel.subscriptions.count * channel.pendingBytes
        Broadcast.sendPending(of: channel, by: ring)
        channel.rest.broadcast(from: begin, to: .now())
    }

    private func sendLater(_ channel: RoomChannel, in rest: TimeAmount) {
        let this = NIOLoopBound((self, channel), eventLoop: loop)
        loop.scheduleTask(in: rest) {
            let (hub, channel) = this.value
            hub.send(channel)
            hub.flushConnections()
        }
    }

    /// Sends a room's delayed frames. Must not be called in the turn in which a connection ends: its descriptor is
    /// already closed.
    func sendResting(in room: RoomID) {
        if let channel = channels[room] { send(channel) }
    }

    private func flushConnections() {
        guard !dirtyConnections.isEmpty else { return }
        let connections = dirtyConnections
        dirtyConnections.removeAll(keepingCapacity: true)
        for connection in connections { connection.flush() }
    }

    func add(_ connection: LiveConnection) {
        connections[ObjectIdentifier(connection)] = connection
        byUser[connection.user.id, default: []].append(connection)
    }

    func remove(_ connection: LiveConnection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        byUser[connection.user.id]?.removeAll { $0 === connection }
        if byUser[connection.user.id]?.isEmpty == true { byUser[connection.user.id] = nil }
    }

    /// Calls `turn` once others have had theirs. A connection rests the longer the more of them do, so that together they take
    /// a bounded share of the loop's time.
    func afterRest(_ turn: @escaping @Sendable () -> Void) {
        resting += 1
        loop.scheduleTask(in: .milliseconds(Limits.turnRest.milliseconds * Int64(resting))) {
            self.resting -= 1
            turn()
        }
    }

    func isHolding(_ connection: LiveConnection) -> Bool { connections[ObjectIdentifier(connection)] != nil }

    func connections(of user: UserID) -> [LiveConnection] { byUser[user] ?? [] }

    /// Adds a subscription to its room.
    ///
    /// - Returns: the last `seq` before the subscription's first message; nil if the room's feed was closed or the
    ///   connection ended meanwhile.
    func subscribe(_ subscription: Subscription) -> Int64? {
        let room = subscription.room.id
        if channels[room] == nil { chat.attach(self, to: room) }
        drain()
        // Pending frames predate this subscription.
        if let channel = channels[room] { send(channel) }
        // What was sent may have found sockets closed and ended connections, this one too, and with the last one of a room
        // its channel.
        guard let channel = channels[room] else { return nil }
        guard isHolding(subscription.connection) else {
            closeIfEmpty(channel, of: room)
            return nil
        }
        channel.add(subscription)
        return channel.position
    }

    func unsubscribe(_ subscription: Subscription) {
        let room = subscription.room.id
        guard let channel = channels[room] else { return }
        channel.remove(subscription)
        closeIfEmpty(channel, of: room)
    }

    private func closeIfEmpty(_ channel: RoomChannel, of room: RoomID) {
        guard channel.subscriptions.isEmpty else { return }
        channels[room] = nil
        chat.detach(self, from: room)
    }

    func advanceTick() { tick &+= 1 }

    func reportBeat() { chat.rounds.came(name) }

    /// Reports to the observer what was sent since the last call.
    func reportCounts() {
        guard !sent.isEmpty else { return }
        chat.report(.delivered(sent))
        sent = HubCounts()
    }

    func channel(of room: RoomID) -> RoomChannel? { channels[room] }

    /// Calls `body` with each room that has subscribers here.
    func forEachChannel(_ body: (RoomID, RoomChannel) -> Void) {
        for (room, channel) in channels { body(room, channel) }
    }

    /// Queues a frame for everyone in a room.
    func broadcast(_ bytes: [UInt8], in room: RoomID) {
        guard let channel = channels[room] else { return }
        if channel.gather(bytes) { dirtyChannels.append(channel) }
    }

    private func handle(_ item: HubItem) {
        switch item {
        case .open(let room, let position):
            if channels[room] == nil { channels[room] = RoomChannel(position: position) }
        case .batch(let batch):
            channels[batch.room]?.position = batch.lastSeq
            broadcast(batch.bytes, in: batch.room)
        case .presence(let change, let count):
            counts.changed(change, onlineCount: count)
        case .edited(let message):
            broadcast(ServerFrame.messageEdited(message), in: message.room.id)
        case .counts(let counts):
            self.counts.confirm(counts)
        case .room(let room, let members):
            roomChanged(room, members: members)
        case .event(let event):
            handle(event)
        case .recheck:
            recheck()
        case .grown, .restored: break
        }
    }

    /// One connection after the other, to bound the load of checking all of them.
    private func recheck() {
        // A check that is still under way is followed by this one, which includes it.
        checking?.cancel()
        let connections = Array(connections.values)
        checking = Task { for connection in connections where !Task.isCancelled { await connection.recheck() } }
    }

    private func handle(_ event: Event) {
        switch event {
        case .messageDeleted(let room, let seq):
            broadcast(ServerFrame.messageDeleted(room: room.name, seq: seq), in: room.id)
        case .typing(let room, let username):
            broadcast(ServerFrame.typing(room: room.name, username: username), in: room.id)
        case .removed(let user, let room, let reason):
            for connection in connections(of: user) { connection.lose(room, reason: reason) }
        case .roomDeleted(let room):
            roomChanges.note(room.id)
            for subscription in channels[room.id]?.subscriptions ?? [] {
                subscription.connection.lose(room, reason: .deleted)
            }
        case .disabled(let user):
            for connection in connections(of: user) { connection.close(.forbidden, "the account is disabled") }
        case .roleChanged(let user):
            // A client reconnects after this code, and then has the rights of its new role.
            for connection in connections(of: user) { connection.close(.goingAway, "the role of the account changed") }
        case .sessionEnded(let user, let tokenID):
            for connection in connections(of: user) where connection.isEnded(byEndOf: tokenID) {
                connection.close(.sessionEnded, "the session ended")
            }
        case .messageEdited, .presence, .roomChanged, .roomGained: break
        }
    }

    /// Sends a room's new state to its subscribers and to the connections of `members`.
    private func roomChanged(_ room: Room, members: [UserID]) {
        roomChanges.note(room.id)
        let frame = ServerFrame.room(room)
        let joined = channels[room.id]?.subscriptions.map(\.connection) ?? []
        for connection in joined { connection.enqueue(frame) }
        for user in members {
            for connection in connections(of: user) where !joined.contains(where: { $0 === connection }) {
                connection.enqueue(frame)
            }
        }
        for subscription in channels[room.id]?.subscriptions ?? [] { subscription.connection.renamed(room.reference) }
    }
}
