import ChatCore

/// One connection's subscription to one room; confined to the event loop of its hub.
final class Subscription {
    /// Let go by ``LiveConnection/leave(_:)``, at the latest when the connection ends.
    let connection: LiveConnection
    /// Its name changes when the room is renamed.
    var room: RoomReference
    /// The room's subscribers on this loop, while this subscription is one of them.
    fileprivate(set) var channel: RoomChannel?
    /// The subscription's index in its channel's list; -1 if it is in none.
    fileprivate(set) var index = -1
    /// Bytes that arrived during the replay; nil once the subscription is live.
    var held: [UInt8]?

    init(connection: LiveConnection, room: RoomReference, isReplaying: Bool) {
        self.connection = connection
        self.room = room
        held = isReplaying ? [] : nil
    }

    /// The descriptor a broadcast may write to directly; -1 if bytes must go through the connection's queue.
    var directDescriptor: Int32 { held == nil ? connection.directDescriptor : -1 }

    /// Tells the room after the connection switched between direct writes and its queue.
    func refresh() { channel?.refresh(self) }

    /// Queues bytes on the connection, or holds them during a replay.
    func deliver(_ bytes: [UInt8]) {
        if held == nil { return connection.enqueue(bytes) }
        held?.append(contentsOf: bytes)
        if held?.count ?? 0 > Limits.outboxBytes { connection.dropAsTooSlow() }
    }
}

/// The subscribers of one room on one event loop, and the frames to send to them in this turn.
final class RoomChannel {
    /// The last `seq` queued for the subscribers.
    var position: Int64
    private(set) var subscriptions: [Subscription] = []
    /// Parallel to `subscriptions`, so that a broadcast need not access any object.
    private(set) var descriptors: [Int32] = []
    /// Frames queued in this event loop turn.
    private var pending: [UInt8] = []
    /// Frames queued after `pending`, for multiplexed connections only.
    private var pendingForMultiplexed: [UInt8] = []
    /// The number of subscribers that are one-room connections.
    private(set) var oneRoomCount = 0
    var rest = BroadcastRest()
    /// The online count that all subscribers were shown last; nil if they were shown different ones, or none.
    var shownCount: Int?

    init(position: Int64) {
        self.position = position
    }

    func add(_ subscription: Subscription) {
        subscription.channel = self
        subscription.index = subscriptions.count
        subscriptions.append(subscription)
        descriptors.append(subscription.directDescriptor)
        if !subscription.connection.isMultiplexed { oneRoomCount += 1 }
    }

    func remove(_ subscription: Subscription) {
        let index = subscription.index
        guard index >= 0 else { return }
        let last = subscriptions.count - 1
        subscriptions.swapAt(index, last)
        descriptors.swapAt(index, last)
        subscriptions[index].index = index
        subscription.index = -1
        subscription.channel = nil
        if !subscription.connection.isMultiplexed { oneRoomCount -= 1 }
        subscriptions.removeLast()
        descriptors.removeLast()
    }

    fileprivate func refresh(_ subscription: Subscription) {
        descriptors[subscription.index] = subscription.directDescriptor
    }

    var hasPending: Bool { !pending.isEmpty }

    var pendingBytes: Int { pending.count }

    /// Queues a frame for everyone. Returns true if it is the first of this turn.
    func gather(_ bytes: [UInt8]) -> Bool {
        if pending.isEmpty {
            pending = bytes
            return true
        }
        pending.append(contentsOf: bytes)
        return false
    }

    /// Queues a frame for multiplexed connections only; requires a pending frame for everyone before it.
    func gatherForMultiplexed(_ bytes: [UInt8]) { pendingForMultiplexed += bytes }

    /// Returns and clears the pending frames: those for everyone, and those that follow for multiplexed connections.
    func takePending() -> (all: [UInt8], multiplexed: [UInt8]) {
        defer { (pending, pendingForMultiplexed) = ([], []) }
        return (pending, pendingForMultiplexed)
    }
}
