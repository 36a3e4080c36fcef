import ChatCore
import ChatWire
import NIOCore

// 10,000 joins in a second must not become 10,000 frames to 10,000 clients. The first change is sent at once; later
// ones are merged until a quarter of a second has passed since the last frame.

/// Sends presence changes of one hub's rooms, at most four times a second per room.
final class PresenceFrames {
    private unowned let hub: LiveHub
    private var gathering = PresenceGathering()

    init(hub: LiveHub) {
        self.hub = hub
    }

    func changed(_ change: PresenceChange, onlineCount: Int) {
        let room = change.room.id
        guard let receivers = hub.channel(of: room)?.subscriptions.count else { return }
        if gathering.add(change, onlineCount: onlineCount, receivers: receivers) { show(room) }
    }

    /// Shows the count of each room where something else was shown.
    func confirm(_ truth: [RoomID: Int]) {
        hub.forEachChannel { room, channel in
            guard let count = truth[room], count != channel.shownCount,
                let reference = channel.subscriptions.first?.room
            else { return }
            changed(PresenceChange(room: reference), onlineCount: count)
        }
    }

    /// Notes what a subscriber that has just joined is shown.
    func joined(_ room: RoomID, shown count: Int) {
        guard let channel = hub.channel(of: room), channel.shownCount != count else { return }
        channel.shownCount = channel.subscriptions.count == 1 ? count : nil
    }

    private func show(_ room: RoomID) {
        guard let sum = gathering.take(room), let channel = hub.channel(of: room) else { return }
        let name = sum.change.room.name
        channel.shownCount = sum.onlineCount
        hub.broadcast(ServerFrame.onlineCount(room: name, count: sum.onlineCount), in: room)
        if !sum.change.joined.isEmpty || !sum.change.left.isEmpty {
            let frame = ServerFrame.presence(room: name, joined: sum.change.joined, left: sum.change.left)
            channel.gatherForMultiplexed(frame)
        }
        gathering.rest(room)
        let this = NIOLoopBound(self, eventLoop: hub.loop)
        hub.loop.scheduleTask(in: .milliseconds(Limits.presenceInterval.milliseconds)) {
            this.value.wake(room)
        }
    }

    private func wake(_ room: RoomID) {
        guard gathering.wake(room) else { return }
        show(room)
        hub.flush()
    }
}
