// A join neither loses nor repeats messages. The subscription is made first, at an exactly known position of the room's
// feed: the cut. What the client misses is read from the log, from its own position up to the cut; what arrives after
// the cut is held until the join is answered, and then sent. Rejected: overlapping history and live messages and
// removing duplicates by `seq`, which needs a memory of sent messages for every connection.

/// A client's request to join a room.
package struct JoinRequest: Sendable, Equatable {
    package let room: RoomName
    /// The last `seq` the client has seen; nil when it wants no replay.
    package let after: Int64?
    /// The epoch of the log that `after` refers to; nil if the client does not say.
    package let epoch: String?

    package init(room: RoomName, after: Int64? = nil, epoch: String? = nil) {
        self.room = room
        self.after = after
        self.epoch = epoch
    }
}

/// An admitted join: the user may read the room, and the room's feed is open.
package struct JoinAdmission: Sendable {
    package let request: JoinRequest
    package let access: RoomAccess
    package let onlineCount: Int
    /// The epoch of the room's log.
    package let epoch: String

    package init(request: JoinRequest, access: RoomAccess, onlineCount: Int, epoch: String) {
        self.request = request
        self.access = access
        self.onlineCount = onlineCount
        self.epoch = epoch
    }

    /// True if the client's position is one in the room's present log. Without an epoch nobody can tell once the database
    /// was restored, except up to what was restored.
    fileprivate func isOfThisLog(_ request: JoinRequest) -> Bool {
        if let named = request.epoch { return named == epoch }
        guard let after = request.after, let restored = access.restoredSeq else { return true }
        return after <= restored
    }

    /// The online count to show the client, including itself.
    ///
    /// - Parameter isFirst: true if this is the user's only connection in the room on this node.
    package func onlineCount(isFirst: Bool) -> Int {
        max(1, onlineCount + (isFirst && !access.isOnline ? 1 : 0))
    }
}

/// What a join replays, decided at the cut.
package enum JoinPlan: Sendable, Equatable {
    /// No replay.
    case live(recovered: Bool)
    /// Replay the messages after `after`, up to and including `through`, the cut.
    case replay(after: Int64, through: Int64)
    /// The client has seen more than this node, and the log cannot be read now.
    case unavailable

    /// - Parameter cut: the last `seq` before the subscription's first message.
    package init(_ admission: JoinAdmission, cut: Int64) {
        let request = admission.request
        let isSameLog = admission.isOfThisLog(request)
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

    /// Turns the plan into an outcome once the log was read.
    ///
    /// - Parameter log: messages after the plan's `after` in ascending order of `seq`; nil if the log could not be
    ///   read.
    package func outcome(of log: [Message]?) -> JoinOutcome {
        switch self {
        case .live(let recovered): return .joined([], recovered: recovered)
        case .unavailable: return .unavailable
        case .replay(let after, let cut):
            guard let log else { return .unavailable }
            let missed = log.filter { $0.seq > after && $0.seq <= cut }
            // A missing message leaves a gap: the client must not believe that it has seen everything.
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
