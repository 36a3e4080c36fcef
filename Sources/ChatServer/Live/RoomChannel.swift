import ChatCore

/// One connection's place in one room; confined to the event loop of its hub.
final class Subscription {
    unowned let connection: LiveConnection
    let room: RoomReference
    /// Where the subscription stands in its channel's list.
    var index = -1
    /// What arrived while the log is being replayed; nil once the subscription is live.
    var held: [UInt8]?

    init(connection: LiveConnection, room: RoomReference, isReplaying: Bool) {
        self.connection = connection
        self.room = room
        held = isReplaying ? [] : nil
    }

    /// The descriptor a broadcast may write to directly, -1 when it must go by the connection.
    var directDescriptor: Int32 { held == nil ? connection.directDescriptor : -1 }

    /// Hands over bytes by way of the connection's own queue.
    func deliver(_ bytes: [UInt8]) {
        if held == nil { return connection.enqueue(bytes) }
        held?.append(contentsOf: bytes)
        if held?.count ?? 0 > Limits.outboxBytes { connection.dropAsTooSlow() }
    }
}

/// The subscribers of one room on one event loop, with what is still to be sent to them in this turn.
final class RoomChannel {
    /// The last `seq` that was taken in for the subscribers.
    var position: Int64
    private(set) var subscriptions: [Subscription] = []
    /// Beside `subscriptions`, so that a broadcast touches no object at all.
    private(set) var descriptors: [Int32] = []
    /// Frames gathered in this turn of the loop.
    private var pending: [UInt8] = []
    /// What those get behind them who may be in many rooms.
    private var pendingForMultiplexed: [UInt8] = []
    /// How many subscribers are of the one-room form.
    private(set) var oneRoomCount = 0
    var rest = BroadcastRest()

    init(position: Int64) {
        self.position = position
    }

    func add(_ subscription: Subscription) {
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
        if !subscription.connection.isMultiplexed { oneRoomCount -= 1 }
        subscriptions.removeLast()
        descriptors.removeLast()
    }

    /// Takes over a change of the subscription's way: direct, or by its connection.
    func refresh(_ subscription: Subscription) {
        guard subscription.index >= 0 else { return }
        descriptors[subscription.index] = subscription.directDescriptor
    }

    var hasPending: Bool { !pending.isEmpty }

    var pendingBytes: Int { pending.count }

    /// Gathers a frame for everyone; answers whether it is the first of this turn.
    func gather(_ bytes: [UInt8]) -> Bool {
        if pending.isEmpty {
            pending = bytes
            return true
        }
        pending.append(contentsOf: bytes)
        return false
    }

    /// Gathers a frame for those who may be in many rooms, behind one that is for everyone.
    func gatherForMultiplexed(_ bytes: [UInt8]) { pendingForMultiplexed += bytes }

    /// What everyone gets, and what those get behind it who may be in many rooms.
    func takePending() -> (all: [UInt8], multiplexed: [UInt8]) {
        defer { (pending, pendingForMultiplexed) = ([], []) }
        return (pending, pendingForMultiplexed)
    }
}
