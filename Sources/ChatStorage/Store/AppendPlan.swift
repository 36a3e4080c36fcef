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
        /// It will be stored, as the nth of its room in this batch, counted from 1.
        case accepted(RoomReference, ordinal: Int64)
    }

    /// An author's own name for a message, unique over all rooms.
    struct Key: Hashable {
        let author: UserID
        let client: ClientID
    }

    /// A room's numbers after the batch: its last `seq` and the time its new messages bear.
    struct Advance {
        let lastSeq: Int64
        let at: Timestamp
    }

    let drafts: [Draft]
    private var fates: [Fate]
    /// How many messages each room gets.
    private(set) var counts: [RoomID: Int64] = [:]

    init(_ drafts: [Draft]) {
        self.drafts = drafts
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
    mutating func settle(repeats: [Key: Message]) {
        guard !repeats.isEmpty else { return }
        for index in drafts.indices {
            if let key = drafts[index].key, let message = repeats[key] { fates[index] = .repeated(message) }
        }
    }

    /// Accepts or refuses every draft that is still open; a seat without a verdict has no room or no user.
    mutating func judge(_ verdicts: [Seat: Result<RoomReference, ChatError>]) {
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
            case .success(let room):
                counts[room.id, default: 0] += 1
                fates[index] = .accepted(room, ordinal: counts[room.id, default: 0])
                if let key = drafts[index].key { firsts[key] = index }
            }
        }
    }

    /// The columns of the new messages, in the order of the drafts.
    func rows(_ advances: [RoomID: Advance]) -> [[SQLValue]] {
        zip(drafts, fates).compactMap { draft, fate in
            guard case .accepted(let room, let ordinal) = fate, let advance = advances[room.id] else { return nil }
            return [
                .room(room.id), .integer(seq(ordinal, in: room.id, advance)), .user(draft.author.id),
                .text(draft.body.text), .text(draft.clientID?.text), .time(advance.at),
            ]
        }
    }

    /// The answer to the drafts, given the numbers of the rows of ``rows(_:)``.
    func results(_ advances: [RoomID: Advance], ids: [Int64]) -> [Result<Appended, ChatError>] {
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
            case .accepted(let room, let ordinal):
                guard let advance = advances[room.id], let id = unused.popFirst() else { fallthrough }
                let message = Message(
                    id: id, room: room, seq: seq(ordinal, in: room.id, advance), body: draft.body,
                    author: draft.author, createdAt: advance.at)
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

    private func seq(_ ordinal: Int64, in room: RoomID, _ advance: Advance) -> Int64 {
        advance.lastSeq - counts[room, default: 0] + ordinal
    }
}

extension Draft {
    var seat: Seat { Seat(room: room, user: author.id) }

    fileprivate var key: AppendPlan.Key? {
        clientID.map { AppendPlan.Key(author: author.id, client: $0) }
    }
}
