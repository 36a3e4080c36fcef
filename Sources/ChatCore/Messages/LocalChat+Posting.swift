import Synchronization

extension LocalChat {
    /// Posts to a room given by its id. Every message takes this path; the completion serves callers that cannot wait.
    /// Rights are checked in the transaction that stores the message.
    ///
    /// - Parameter completion: called once, after the commit that contains the message or with the reason it was
    ///   refused; must not block.
    package func post(
        _ body: MessageBody, in room: RoomID, clientID: ClientID?, completion: @escaping Journal.Completion
    ) {
        let speaker: User
        do throws(ChatError) {
            speaker = try caller.speaker()
            try spend(.message)
        } catch {
            return completion(.failure(error))
        }
        let draft = Draft(room: room, author: speaker.author, body: body, clientID: clientID)
        chat.journal.submit(draft, completion: completion)
    }

    package func send(_ body: MessageBody, to room: RoomName, clientID: ClientID?) async throws(ChatError) -> Message {
        let id = try await postableRoom(room)
        let result = await withCheckedContinuation { continuation in
            post(body, in: id, clientID: clientID) { continuation.resume(returning: $0) }
        }
        return try result.get().message
    }

    /// Posts messages in order, as fast as they can be stored.
    ///
    /// - Throws: the first refusal; other messages may have been stored.
    package func send(all bodies: [MessageBody], to room: RoomName) async throws(ChatError) {
        let id = try await postableRoom(room)
        for start in stride(from: 0, to: bodies.count, by: Limits.journalBatch) {
            let part = bodies[start..<min(start + Limits.journalBatch, bodies.count)]
            let refusal = await withCheckedContinuation { continuation in
                let tally = PostTally(of: part.count) { continuation.resume(returning: $0) }
                for body in part { post(body, in: id, clientID: nil) { tally.add($0) } }
            }
            if let refusal { throw refusal }
        }
    }

    /// Shows that the caller is typing. Silently dropped if rate-limited or if the caller may not post.
    package func type(in room: RoomReference) async {
        guard let user = caller.user, (try? spend(.typing)) != nil,
            let access = try? await store.access(to: room.name, for: user.id, at: now()), access.room.id == room.id,
            (try? access.requirePosting()) != nil
        else { return }
        chat.delivery.post(.event(.typing(room: access.room, username: user.username)))
        chat.typing.send(access.room, user.username)
    }

    /// Records how far the caller has read; written within ``Limits/readMarkWrite``.
    package func markRead(_ room: RoomID, through seq: Int64) {
        guard let user = caller.user else { return }
        chat.readMarks.withLock { $0.note(ReadMark(seat: Seat(room: room, user: user.id), seq: seq)) }
    }

    private func postableRoom(_ name: RoomName) async throws(ChatError) -> RoomID {
        let speaker = try caller.speaker()
        guard let access = try await store.access(to: name, for: speaker.id, at: now()) else { throw .noRoom(name) }
        return access.room.id
    }
}

/// Collects the outcomes of several posts.
private final class PostTally: Sendable {
    private let state: Mutex<(left: Int, refusal: ChatError?)>
    private let done: @Sendable (ChatError?) -> Void

    /// - Parameter done: called once all outcomes are known, with the first refusal or nil.
    init(of count: Int, done: @escaping @Sendable (ChatError?) -> Void) {
        state = Mutex((count, nil))
        self.done = done
    }

    func add(_ outcome: Result<Appended, ChatError>) {
        let (left, refusal) = state.withLock { state in
            state.left -= 1
            if case .failure(let error) = outcome, state.refusal == nil { state.refusal = error }
            return state
        }
        if left == 0 { done(refusal) }
    }
}
