// Joining has no hole and no overlap. The subscription is made first, at a position of the room's feed that is known
// exactly: the cut. What the client misses is read from the log, from its own position to the cut; what comes after
// the cut is held until the join is answered, and then sent. Refused: to overlap history and live messages and to
// compare them by `seq`, which needs a memory of what was sent on every connection.

/// What a client asks for when it joins a room.
package struct JoinRequest: Sendable, Equatable {
    package let room: RoomName
    /// The last `seq` the client has seen; nil when it wants no replay.
    package let after: Int64?
    /// The log that `after` counts in; nil when the client does not say.
    package let epoch: String?

    package init(room: RoomName, after: Int64? = nil, epoch: String? = nil) {
        self.room = room
        self.after = after
        self.epoch = epoch
    }
}

/// A join that was judged: its user may read the room, and the room's feed is open.
package struct JoinAdmission: Sendable {
    package let request: JoinRequest
    package let access: RoomAccess
    package let onlineCount: Int
    /// The log of the room.
    package let epoch: String

    package init(request: JoinRequest, access: RoomAccess, onlineCount: Int, epoch: String) {
        self.request = request
        self.access = access
        self.onlineCount = onlineCount
        self.epoch = epoch
    }

    /// The count to show the client, itself included.
    ///
    /// - Parameter isFirst: this is the user's only connection in the room on this node.
    package func onlineCount(isFirst: Bool) -> Int {
        max(1, onlineCount + (isFirst && !access.isOnline ? 1 : 0))
    }
}

/// What a join replays, decided at the cut.
package enum JoinPlan: Sendable, Equatable {
    /// Nothing is to be read.
    case live(recovered: Bool)
    /// The messages behind `after`, up to and with the cut.
    case replay(after: Int64, through: Int64)
    /// This node has not heard of all that the client has seen, and the log cannot tell now.
    case unavailable

    /// - Parameter cut: the last `seq` that the subscription does not bring.
    package init(_ admission: JoinAdmission, cut: Int64) {
        let request = admission.request
        let isSameLog = request.epoch == nil || request.epoch == admission.epoch
        guard let after = request.after, isSameLog, after <= max(admission.access.lastSeq, cut) else {
            self = .live(recovered: request.after == nil && isSameLog)
            return
        }
        switch after {
        case cut: self = .live(recovered: true)
        case ..<cut where cut - after <= Limits.replayMessages: self = .replay(after: after, through: cut)
        case ..<cut: self = .live(recovered: false)
        default: self = .unavailable
        }
    }

    /// What becomes of the plan when the log was read.
    ///
    /// - Parameter log: messages behind the plan's `after` by ascending `seq`; nil when the log could not be read.
    package func outcome(of log: [Message]?) -> JoinOutcome {
        switch self {
        case .live(let recovered): return .joined([], recovered: recovered)
        case .unavailable: return .unavailable
        case .replay(let after, let cut):
            guard let log else { return .unavailable }
            let missed = log.filter { $0.seq > after && $0.seq <= cut }
            // A message that no longer exists leaves a hole: the client must not believe that it has seen everything.
            return missed.count == cut - after ? .joined(missed, recovered: true) : .joined([], recovered: false)
        }
    }
}

/// How a join ends.
package enum JoinOutcome: Sendable, Equatable {
    case joined([Message], recovered: Bool)
    case unavailable

    package static var unavailableError: ChatError {
        ChatError(.unavailable, "room: its log cannot be read now", hint: "try again")
    }
}
