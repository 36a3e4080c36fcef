import ChatCore

/// Decides what becomes of each draft of a batch; the store asks the database and carries out what is decided.
struct AppendPlan {
    /// What is known of a draft so far.
    private enum Fate {
        case open
        case repeated(Message)
        case refused(ChatError)
        /// It bears the client id of an earlier draft of the batch, which is at this index.
        case twin(of: Int)
        /// It will be stored with this number.
        case accepted(RoomReference, seq: Int64)
    }

    /// An author's own name for a message, unique over all rooms.
    struct Key: Hashable {
        let author: UserID
        let client: ClientID
    }

    /// A room that a draft may go to, as it stands before the batch.
    struct Target {
        let room: RoomReference
        let lastSeq: Int64
        let lastMessageAt: Timestamp
    }

    /// What a room gets.
    struct Growth {
        let firstSeq: Int64
        /// When its new messages were written.
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

    /// The client ids that may be known already.
    var keys: [Key] {
        drafts.compactMap(\.key)
    }

    /// Whose standing in which rooms has to be asked, rooms in ascending order.
    var seats: [Seat] {
        var seats: Set<Seat> = []
        for (draft, fate) in zip(drafts, fates) {
            if case .open = fate { seats.insert(draft.seat) }
        }
        return seats.sorted { ($0.room.value, $0.user.value) < ($1.room.value, $1.user.value) }
    }

    /// Notes which messages had been stored before.
    mutating func note(repeats: [Key: Message]) {
        guard !repeats.isEmpty else { return }
        for index in drafts.indices {
            if let key = drafts[index].key, let message = repeats[key] { fates[index] = .repeated(message) }
        }
    }

    /// Accepts or refuses every draft that is still open; a seat without a verdict has no room or no user.
    mutating func judge(_ verdicts: [Seat: Result<Target, ChatError>]) {
        var firsts: [Key: Int] = [:]
        for index in drafts.indices {
            guard case .open = fates[index] else { continue }
            if let key = drafts[index].key, let first = firsts[key] {
                fates[index] = .twin(of: first)
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

    /// Not behind the room's last message while the clock is set back by less than a minute; a clock that was an
    /// hour ahead must not hold a room for an hour.
    private func time(in target: Target) -> Timestamp {
        let isSlightlyBehind = moment < target.lastMessageAt && target.lastMessageAt < moment + .seconds(60)
        return isSlightlyBehind ? target.lastMessageAt : moment
    }

    /// The columns of the new messages, in the order of the drafts.
    var rows: [[SQLValue]] {
        zip(drafts, fates).compactMap { draft, fate in
            guard case .accepted(let room, let seq) = fate else { return nil }
            return [
                .room(room.id), .integer(seq), .user(draft.author.id), .text(draft.body.text),
                .text(draft.clientID?.text), .time(growth[room.id]?.at ?? moment),
            ]
        }
    }

    /// The answer to the drafts, given the ids of ``rows``.
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

    private static var nowhere: ChatError {
        ChatError(.roomNotFound, "message: its room or its author no longer exists")
    }
}

extension Draft {
    var seat: Seat { Seat(room: room, user: author.id) }

    fileprivate var key: AppendPlan.Key? {
        clientID.map { AppendPlan.Key(author: author.id, client: $0) }
    }
}
