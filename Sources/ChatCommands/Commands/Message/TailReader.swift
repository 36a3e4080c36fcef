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
        var histories: [TailHistory] = []
        for room in plan.rooms {
            let history = try await history(of: room, &progress.cursor)
            // Two names of one room, which was renamed in between.
            if !histories.contains(where: { $0.log.epoch == history.log.epoch }) { histories.append(history) }
        }
        try progress.cursor.begin(histories.map { ($0.log, $0.start) })
        for (message, epoch) in TailHistory.merged(histories) where try await take(message, epoch, &progress) { return }
        guard plan.follows else { return }
        do {
            let positions = histories.map {
                RoomPosition(room: $0.log.name, after: $0.log.lastSeq, epoch: $0.log.epoch)
            }
            for try await item in service.follow(positions) {
                switch item {
                case .notice(let text): invocation.screen.notice("chatctl: \(text)")
                case .message(let message, let epoch): if try await take(message, epoch, &progress) { return }
                case .removed(let room, let reason): throw reason.error(of: room)
                case .messageDeleted, .messageEdited, .onlineCount, .presence, .typing, .room: break
                }
            }
        } catch {
            throw ChatError.wrapping(error)
        }
    }

    /// A room's history; following it starts at the end of the log.
    private func history(of room: RoomName, _ cursor: inout TailCursor) async throws(ChatError) -> TailHistory {
        let (log, hasWaited) = try await log(of: room, &cursor)
        switch cursor.start(of: log) {
        case .after(let seq):
            return TailHistory(log: log, messages: try await all(of: log, after: seq), start: seq)
        case .anew:
            // The room or the database was made anew.
            invocation.screen.notice("chatctl: room \(room): it is another one than the cursor's: begins anew")
            return TailHistory(log: log, messages: try await all(of: log, after: 0), start: 0)
        case .first:
            // All of a room that was waited for is news.
            if hasWaited { return TailHistory(log: log, messages: try await all(of: log, after: 0), start: 0) }
            return TailHistory(log: log, messages: try await wanted(of: log))
        }
    }

    /// The messages that the plan asks for.
    private func wanted(of log: RoomLog) async throws(ChatError) -> [Message] {
        switch plan.start {
        case .latest(0): []
        case .latest(let count):
            try await service.messages(of: log, .latest, limit: count).filter { $0.seq <= log.lastSeq }
        case .seq(let seq): try await all(of: log, after: max(0, seq - 1))
        case .time(let moment): try await all(of: log, since: moment)
        case .ago(let duration): try await all(of: log, since: invocation.clock.now() - duration)
        }
    }

    /// Everything behind the last message that is older.
    private func all(of log: RoomLog, since moment: Timestamp) async throws(ChatError) -> [Message] {
        guard let first = try await service.messages(of: log, .since(moment), limit: 1).first else { return [] }
        return try await all(of: log, after: first.seq - 1)
    }

    private func log(
        of room: RoomName, _ cursor: inout TailCursor
    ) async throws(ChatError) -> (log: RoomLog, hasWaited: Bool) {
        var hasWaited = false
        while true {
            do throws(ChatError) {
                return (try await service.log(of: room), hasWaited)
            } catch  where error.code == .roomNotFound && plan.waits {
                if !hasWaited { try cursor.awaits(room) }
                hasWaited = true
                // No event announces a new room to somebody who is not in it, so this polls.
                do { try await Task.sleep(for: .milliseconds(50)) } catch { throw ChatError.wrapping(error) }
            }
        }
    }

    private func all(of log: RoomLog, after start: Int64) async throws(ChatError) -> [Message] {
        var messages: [Message] = []
        var position = start
        while position < log.lastSeq {
            let page = try await service.messages(of: log, .after(position), limit: Limits.pageMessages)
            messages += page.filter { $0.seq <= log.lastSeq }
            guard page.count == Limits.pageMessages, let seq = page.last?.seq else { break }
            position = seq
        }
        return messages
    }

    /// Prints a message if it is wanted.
    ///
    /// - Returns: whether the tail is complete.
    /// - Throws: `expectationFailed` for a message that --reject matches, `outputFailed`, `invalidInput` for a pattern that
    ///   takes too long.
    private func take(
        _ message: Message, _ epoch: String, _ progress: inout Progress
    ) async throws(ChatError) -> Bool {
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
        try progress.cursor.advance(message.room.name, epoch: epoch, to: message.seq)
        if isRejected {
            throw ChatError(.expectationFailed, "message \(message.room.name) \(message.seq): matches --reject")
        }
        return progress.printed == plan.count
    }
}
