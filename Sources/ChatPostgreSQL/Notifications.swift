import ChatCore
import ChatSQL

/// What waits to be sent to the other nodes, merged into few payloads.
struct Notifications {
    /// The channel's name as an expression: a database may have an installation in each of its schemas.
    static let channel = "left('chatctl_' || current_schema(), 63)"
    static let statement = "SELECT pg_notify(\(channel), $1)"
    /// The payload that says that events were left out.
    private static let gap = "!"

    /// Marks events that a transaction sends by itself, on a connection other than the listener's, as this process's.
    private let origin: String?
    private var growth: [RoomID: Int64] = [:]
    private var events: [String] = []
    /// Makes the payload of each event unique: PostgreSQL delivers equal payloads of a transaction only once.
    private var number: UInt64 = 0

    init(origin: String? = nil) {
        self.origin = origin
    }

    mutating func add(growthOf room: RoomID, to seq: Int64) {
        growth[room] = max(growth[room] ?? 0, seq)
    }

    mutating func add(_ added: [Event]) throws(ChatError) {
        for event in added {
            number &+= 1
            let payload = "e\(number)\(origin.map { "@\($0)" } ?? "") \(try SignalCoder.encode([event]))"
            if payload.utf8.count <= Limits.notificationBytes {
                events.append(payload)
            } else if let (one, other) = event.halves {
                try add([one, other])
            } else {
                events.append(Self.gap)
            }
        }
        if events.count > Limits.busQueue { events = [Self.gap] }
    }

    /// Puts back payloads that may not have been sent. To send one twice does no harm.
    mutating func putBack(_ payloads: [String]) {
        for payload in payloads {
            for event in Self.decode(payload) {
                if case .grown(let room, let seq) = event { add(growthOf: room, to: seq) }
            }
        }
        let unsent = payloads.filter { !$0.hasPrefix("g") }
        events = unsent.count + events.count > Limits.busQueue ? [Self.gap] : unsent + events
    }

    /// Takes all payloads, events first: a message after a rename must be shown under the new name.
    mutating func take() -> [String] {
        var payloads = events
        var present = ""
        for (room, seq) in growth {
            if present.utf8.count > Limits.notificationBytes - 48 {
                payloads.append(present)
                present = ""
            }
            present += (present.isEmpty ? "g" : ",") + "\(room.value):\(seq)"
        }
        if !present.isEmpty { payloads.append(present) }
        (growth, events) = ([:], [])
        return payloads
    }

    /// True for an event that the process `origin` sent in a transaction.
    static func isFrom(_ origin: String, _ payload: String) -> Bool {
        payload.prefix { $0 != " " }.hasSuffix("@\(origin)")
    }

    static func decode(_ payload: String) -> [BusEvent] {
        switch payload.first {
        case "g":
            return payload.dropFirst().split(separator: ",").map { pair in
                let numbers = pair.split(separator: ":").compactMap { Int64($0) }
                return numbers.count == 2 ? .grown(RoomID(numbers[0]), seq: numbers[1]) : .gap
            }
        case "e":
            return SignalCoder.decode(String(payload.drop { $0 != " " })).map { $0.map { .event($0) } } ?? [.gap]
        default:
            return [.gap]
        }
    }
}

extension Event {
    /// Two smaller events that say the same; nil for one that cannot be divided.
    fileprivate var halves: (Event, Event)? {
        switch self {
        case .presence(let change):
            guard change.joined.count + change.left.count > 1 else { return nil }
            // Rounded in opposite directions, so that one joined and one left are divided, too.
            let (joined, left) = ((change.joined.count + 1) / 2, change.left.count / 2)
            return (
                .presence(
                    PresenceChange(
                        room: change.room, joined: Array(change.joined.prefix(joined)),
                        left: Array(change.left.prefix(left)))),
                .presence(
                    PresenceChange(
                        room: change.room, joined: Array(change.joined.dropFirst(joined)),
                        left: Array(change.left.dropFirst(left))))
            )
        case .messageDeleted, .messageEdited, .typing, .roomChanged, .roomGained, .removed, .roomDeleted, .disabled,
            .roleChanged,
            .sessionEnded:
            return nil
        }
    }
}
