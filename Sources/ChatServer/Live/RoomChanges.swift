import ChatCore

// A join reads the database first and subscribes on the event loop later. What happens to the room in between reaches a hub
// that has no subscription to tell yet, so each hub notes which rooms were changed, and such a join reads again. Rejected: one
// counter for all rooms, with which a busy server's joins would read again and again.

/// Which rooms were renamed, otherwise changed or deleted lately.
struct RoomChanges {
    private static let most = 1_024
    /// The number of the last change of each room.
    private var last: [RoomID: UInt64] = [:]
    /// Changes up to this one are not known by room any more.
    private var forgotten: UInt64 = 0
    /// The number of changes so far.
    private(set) var count: UInt64 = 0

    mutating func note(_ room: RoomID) {
        if last.count >= Self.most, last[room] == nil {
            last = [:]
            forgotten = count
        }
        count += 1
        last[room] = count
    }

    /// Returns true if the room may have changed since there were `count` changes.
    func hasChanged(_ room: RoomID, since count: UInt64) -> Bool {
        count < forgotten || (last[room] ?? 0) > count
    }
}
