import ChatCore

/// Decides what becomes of each draft in a batch. It does no I/O: the store runs the queries and statements.
struct AppendPlan {
    /// What is known of a draft so far.
    private enum Fate {
        case open
        case repeated(Message)
        case refused(ChatError)
        /// It has the same author and client id as the draft at this index, earlier in the batch.
        case twin(of: Int)
        /// It will be stored with this `seq`.
        case accepted(RoomReference, seq: Int64)
    }

    /// Identifies a message for deduplication.
    struct Key: Hashable {
        let room: RoomID
        let author: UserID
        let client: ClientID
    }

    /// A room to which the author may post, as it is before the batch.
    struct Target {
        let room: RoomReference
        let lastSeq: Int64
        let lastMessageAt: Timestamp
    }

    /// The new messages of a room.
    struct Growth {
        let firstSeq: Int64
        /// Their `created_at`.
        let at: Timestamp
        var count: Int64 = 0

        var lastSeq: Int64 { firstSeq + count - 1 }
    }

    let drafts: [Draft]
    private let moment: Timestamp
    private var fates: [Fate]
    private(set) var growth: [RoomID: Growth] = [:]

    init(_ drafts: [Draft], at moment: Timestamp) {
        self.drafts = drafts
        self.moment = moment
        fates = Array(repeating: .open, count: drafts.count)
    }

    /// The keys that may have been stored before.
    var keys: [Key] {
        drafts.compactMap(\.key)
    }

    /// The authors and rooms whose access has to be read, rooms in ascending order.
    var seats: [Seat] {
        var seats: Set<Seat> = []
        for (draft, fate) in zip(drafts, fates) {
            if case .open = fate { seats.insert(draft.seat) }
        }
        return seats.sorted { ($0.room.value, $0.user.value) < ($1.room.value, $1.user.value) }
    }

    /// Takes in the messages that had been stored before.
    mutating func note(repeats: [Key: Message]) {
        guard !repeats.isEmpty else { return }
        for index in drafts.indices {
            guard let key = drafts[index].key, let message = repeats[key] else { continue }
            // A message that was deleted meanwhile has no body to compare.
            let isSame = message.isDeleted || message.body == drafts[index].body
            fates[index] = isSame ? .repeated(message) : .refused(Self.reused(key.client))
        }
    }

    /// Accepts or refuses every draft that is still open. A seat without a verdict is one whose room or author no longer
    /// exists.
    mutating func judge(_ verdicts: [Seat: Result<Target, ChatError>]) {
        var firsts: [Key: Int] = [:]
        for index in drafts.indices {
            guard case .open = fates[index] else { continue }
            if let key = drafts[index].key, let first = firsts[key] {
                fates[index] =
                    drafts[first].body == drafts[index].body ? .twin(of: first) : .refused(Self.reused(key.client))
                continue
            }
            switch verdicts[drafts[index].seat] ?? .failure(Self.nowhere) {
            case .failure(let error):
                fates[index] = .refused(error)
            case .success(let target):
                fates[index] = .accepted(target.room, seq: nextSeq(in: target))
                if let key = drafts[index].key { firsts[key] = index }
            }
        }
    }

    private mutating func nextSeq(in target: Target) -> Int64 {
        var grown = growth[target.room.id] ?? Growth(firstSeq: target.lastSeq + 1, at: time(in: target))
        grown.count += 1
        growth[target.room.id] = grown
        return grown.lastSeq
    }

    /// The time of the room's last message where the clock is behind it by less than a minute, so that times in a room do
    /// not go back. Further back they do: after a clock that was an hour fast, a room must not stand still for an hour.
    private func time(in target: Target) -> Timestamp {
        let isSlightlyBehind = moment < target.lastMessageAt && target.lastMessageAt < moment + .seconds(60)
        return isSlightlyBehind ? target.lastMessageAt : moment
    }

    /// The rows to insert, in the order of the drafts.
    var rows: [[SQLValue]] {
        zip(drafts, fates).compactMap { draft, fate in
            guard case .accepted(let room, let seq) = fate else { return nil }
            return [
                .room(room.id), .integer(seq), .user(draft.author.id), .text(draft.body.text),
                .text(draft.clientID?.text), .time(growth[room.id]?.at ?? moment),
            ]
        }
    }

    /// One result for each draft, given the ids of the inserted ``rows``.
    func results(ids: [Int64]) -> [Result<Appended, ChatError>] {
        var results: [Result<Appended, ChatError>] = []
        results.reserveCapacity(drafts.count)
        var unused = ids[...]
        for (draft, fate) in zip(drafts, fates) {
            switch fate {
            case .repeated(let message):
                results.append(.success(Appended(message: message, isRepeat: true)))
            case .refused(let error):
                results.append(.failure(error))
            case .twin(let first):
                results.append(results[first].map { Appended(message: $0.message, isRepeat: true) })
            case .accepted(let room, let seq):
                guard let id = unused.popFirst() else { fallthrough }
                let message = Message(
                    id: id, room: room, seq: seq, body: draft.body, author: draft.author,
                    createdAt: growth[room.id]?.at ?? moment)
                results.append(.success(Appended(message: message, isRepeat: false)))
            case .open:
                results.append(.failure(ChatError(.fault, "message: it was not decided on")))
            }
        }
        return results
    }

    private static func reused(_ clientID: ClientID) -> ChatError {
        ChatError(
            .clientIDReused, "client_id '\(clientID.text)': already used in this room for another message",
            hint: "use a new one for each message; the same one again only to repeat a message")
    }

    private static var nowhere: ChatError {
        ChatError(.roomNotFound, "message: its room or its author no longer exists")
    }
}

extension Draft {
    var seat: Seat { Seat(room: room, user: author.id) }

    fileprivate var key: AppendPlan.Key? {
        clientID.map { AppendPlan.Key(room: room, author: author.id, client: $0) }
    }
}
