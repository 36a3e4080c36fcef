import ChatCore

/// What the next presence frame of each room will show, and which rooms showed one less than an interval ago.
struct PresenceGathering {
    /// All that changed in a room since its last frame.
    struct Sum: Equatable {
        var change: PresenceChange
        var onlineCount: Int
    }

    /// Names that are shown however large the crowd is.
    private static let fewNames = 20

    private var pending: [RoomID: Sum] = [:]
    private var resting: Set<RoomID> = []

    /// Adds a change.
    ///
    /// - Parameter receivers: how many would read the names.
    /// - Returns: true when the room's frame is due now.
    mutating func add(_ change: PresenceChange, onlineCount: Int, receivers: Int) -> Bool {
        let room = change.room.id
        var sum = pending[room] ?? Sum(change: PresenceChange(room: change.room), onlineCount: 0)
        sum.onlineCount = onlineCount
        // In a crowd the names are many and those who would read them too: there the count alone tells.
        let longest = max(Self.fewNames, min(Limits.presenceNames, Limits.presenceNamesSent / max(1, receivers)))
        for name in change.joined {
            Self.move(name, into: &sum.change.joined, from: &sum.change.left, longest: longest)
        }
        for name in change.left {
            Self.move(name, into: &sum.change.left, from: &sum.change.joined, longest: longest)
        }
        pending[room] = sum
        return !resting.contains(room)
    }

    /// Takes what the room's frame shows; nil when nothing waits.
    mutating func take(_ room: RoomID) -> Sum? { pending.removeValue(forKey: room) }

    /// The room has shown a frame, and shows the next one after an interval.
    mutating func rest(_ room: RoomID) { resting.insert(room) }

    /// The room's interval is over.
    ///
    /// - Returns: true when a frame is due.
    mutating func wake(_ room: RoomID) -> Bool {
        resting.remove(room)
        return pending[room] != nil
    }

    /// Somebody who came and went between two frames does not appear in either list.
    private static func move(
        _ name: Username, into list: inout [Username], from other: inout [Username], longest: Int
    ) {
        if let index = other.firstIndex(of: name) {
            other.remove(at: index)
        } else if list.count < longest {
            list.append(name)
        }
    }
}
