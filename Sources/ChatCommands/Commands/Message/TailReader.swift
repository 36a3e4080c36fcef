import ChatCore

/// Prints history and then live messages, as a plan says.
struct TailReader {
    let plan: TailPlan
    let service: any ChatService & FollowService
    let invocation: Invocation

    private struct Progress {
        var printed = 0
        var cursor: TailCursor
        let match: PatternMatcher?
        let reject: PatternMatcher?
    }

    /// - Throws: `expectationFailed` at a rejected message, `roomNotFound` unless rooms are waited for.
    func run() async throws(ChatError) {
        var progress = Progress(
            cursor: try TailCursor(file: plan.cursor), match: plan.match.map(PatternMatcher.init),
            reject: plan.reject.map(PatternMatcher.init))
        var history: [Message] = []
        var positions: [RoomPosition] = []
        for room in plan.rooms {
            let (messages, position) = try await opening(of: room, progress.cursor)
            history += messages
            positions.append(position)
        }
        history.sort { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        for message in history where try await take(message, &progress) { return }
        guard plan.follows else { return }
        do {
            for try await item in service.follow(positions) {
                switch item {
                case .notice(let text): invocation.screen.notice("chatctl: \(text)")
                case .message(let message): if try await take(message, &progress) { return }
                case .removed(let room, let reason): throw reason.error(of: room)
                case .messageDeleted, .messageEdited, .onlineCount, .presence, .typing, .room: break
                }
            }
        } catch {
            throw ChatError.wrapping(error)
        }
    }

    /// A room's history, and where following it starts.
    private func opening(
        of room: RoomName, _ cursor: TailCursor
    ) async throws(ChatError) -> ([Message], RoomPosition) {
        let last = try await lastSeq(of: room)
        let messages: [Message]
        if let seq = cursor[room] {
            // A log that ends before the position is another one: the room or the database was made anew.
            let isAnother = seq > last
            if isAnother {
                invocation.screen.notice("chatctl: room \(room): ends at \(last), before the cursor: begins anew")
            }
            messages = try await all(in: room, .after(isAnother ? 0 : seq), through: last)
            return (messages, RoomPosition(room: room, after: last))
        }
        switch plan.start {
        case .latest(0): messages = []
        case .latest(let count):
            messages = try await service.messages(in: room, .latest, limit: count).filter { $0.seq <= last }
        case .seq(let seq): messages = try await all(in: room, .after(max(0, seq - 1)), through: last)
        case .time(let moment): messages = try await all(in: room, .since(moment), through: last)
        case .ago(let duration):
            messages = try await all(in: room, .since(invocation.clock.now() - duration), through: last)
        }
        return (messages, RoomPosition(room: room, after: last))
    }

    private func lastSeq(of room: RoomName) async throws(ChatError) -> Int64 {
        while true {
            do throws(ChatError) {
                return try await service.room(named: room).lastSeq
            } catch  where error.code == .roomNotFound && plan.waits {
                // No event announces a new room to somebody who is not in it, so this polls.
                do { try await Task.sleep(for: .milliseconds(50)) } catch { throw ChatError.wrapping(error) }
            }
        }
    }

    private func all(
        in room: RoomName, _ range: MessageRange, through last: Int64
    ) async throws(ChatError) -> [Message] {
        var messages: [Message] = []
        var range = range
        while true {
            let page = try await service.messages(in: room, range, limit: Limits.pageMessages)
            messages += page.filter { $0.seq <= last }
            guard page.count == Limits.pageMessages, let seq = page.last?.seq, seq < last else { return messages }
            range = .after(seq)
        }
    }

    /// Prints a message if it is wanted.
    ///
    /// - Returns: whether the tail is complete.
    /// - Throws: `expectationFailed` for a message that --reject matches, `outputFailed`, `invalidInput` for a pattern that
    ///   takes too long.
    private func take(_ message: Message, _ progress: inout Progress) async throws(ChatError) -> Bool {
        let body = message.body.text
        let isRejected = try await progress.reject?.matches(body) ?? false
        let isWanted = try await progress.match?.matches(body) ?? true
        // A signal or a deadline cancels this task. From here to the end nothing waits, so it comes between two messages
        // and never between a message and its place in the cursor.
        guard !Task.isCancelled else { throw ChatError.wrapping(CancellationError()) }
        if isWanted || isRejected {
            try invocation.show(message: message, isUTC: plan.isUTC)
            progress.printed += 1
        }
        try progress.cursor.advance(message.room.name, to: message.seq)
        if isRejected {
            throw ChatError(.expectationFailed, "message \(message.room.name) \(message.seq): matches --reject")
        }
        return progress.printed == plan.count
    }
}
