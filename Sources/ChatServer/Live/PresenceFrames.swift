import ChatCore
import ChatWire
import NIOCore

// 10,000 joins in a second must not become 10,000 frames to 10,000 clients. The first change is sent at once; later
// ones are merged until a quarter of a second has passed since the last frame.

/// Sends presence changes of one hub's rooms, at most four times a second per room.
final class PresenceFrames {
    private struct Pending {
        var change: PresenceChange
        var onlineCount: Int
    }

    private unowned let hub: LiveHub
    private var pending: [RoomID: Pending] = [:]
    /// Rooms that sent a frame within the last interval.
    private var resting: Set<RoomID> = []

    init(hub: LiveHub) {
        self.hub = hub
    }

    func changed(_ change: PresenceChange, onlineCount: Int) {
        let room = change.room.id
        guard let channel = hub.channel(of: room) else { return }
        var sum = pending[room] ?? Pending(change: PresenceChange(room: change.room), onlineCount: 0)
        sum.onlineCount = onlineCount
        // In a large room, names times receivers would be too many bytes: beyond the limit, only the count is sent.
        let longest = max(20, min(Limits.presenceNames, Limits.presenceNamesSent / max(1, channel.subscriptions.count)))
        for name in change.joined {
            Self.move(name, into: &sum.change.joined, from: &sum.change.left, longest: longest)
        }
        for name in change.left {
            Self.move(name, into: &sum.change.left, from: &sum.change.joined, longest: longest)
        }
        pending[room] = sum
        if !resting.contains(room) { show(room) }
    }

    /// A user who came and went between two frames appears in neither list.
    private static func move(
        _ name: Username, into list: inout [Username], from other: inout [Username], longest: Int
    ) {
        if let index = other.firstIndex(of: name) {
            other.remove(at: index)
        } else if list.count < longest {
            list.append(name)
        }
    }

    private func show(_ room: RoomID) {
        guard let sum = pending.removeValue(forKey: room), let channel = hub.channel(of: room) else { return }
        let name = sum.change.room.name
        hub.broadcast(ServerFrame.onlineCount(room: name, count: sum.onlineCount), in: room)
        if !sum.change.joined.isEmpty || !sum.change.left.isEmpty {
            let frame = ServerFrame.presence(room: name, joined: sum.change.joined, left: sum.change.left)
            channel.gatherForMultiplexed(frame)
        }
        resting.insert(room)
        let this = NIOLoopBound(self, eventLoop: hub.loop)
        hub.loop.scheduleTask(in: .milliseconds(Limits.presenceInterval.milliseconds)) {
            this.value.rested(room)
        }
    }

    private func rested(_ room: RoomID) {
        resting.remove(room)
        guard pending[room] != nil else { return }
        show(room)
        hub.flush()
    }
}
