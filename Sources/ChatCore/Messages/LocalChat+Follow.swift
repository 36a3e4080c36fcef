extension LocalChat: FollowService {
    /// Reads the log behind each position whenever the bus rings; the bus itself only says when to look.
    package func follow(_ rooms: [RoomPosition]) -> AsyncThrowingStream<FollowItem, any Error> {
        let (stream, output) = AsyncThrowingStream<FollowItem, any Error>.makeStream()
        let task = Task {
            do {
                try await follow(rooms, into: output)
                output.finish()
            } catch {
                output.finish(throwing: error)
            }
        }
        output.onTermination = { _ in task.cancel() }
        return stream
    }

    private func follow(
        _ rooms: [RoomPosition], into output: AsyncThrowingStream<FollowItem, any Error>.Continuation
    ) async throws(ChatError) {
        let (rings, bell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        // Ringing begins before the first look, so what comes in between is not missed.
        try await chat.bus.start { _ in bell.yield() }
        for position in rooms { chat.bus.follow(try await readableRoom(position.room).room.id) }
        bell.yield()
        let watch = Task { [isNeeded = !chat.bus.hearsEveryCommit] in
            while isNeeded, !Task.isCancelled {
                try? await Task.sleep(for: Limits.logCheck)
                bell.yield()
            }
        }
        defer { watch.cancel() }
        var positions = rooms
        for await _ in rings {
            for index in positions.indices {
                positions[index] = try await passOn(positions[index], into: output)
            }
        }
    }

    private func passOn(
        _ position: RoomPosition, into output: AsyncThrowingStream<FollowItem, any Error>.Continuation
    ) async throws(ChatError) -> RoomPosition {
        var after = position.after
        while true {
            let page = try await messages(in: position.room, .after(after), limit: Limits.replayMessages)
            for message in page { output.yield(.message(message)) }
            after = page.last?.seq ?? after
            if page.count < Limits.replayMessages { return RoomPosition(room: position.room, after: after) }
        }
    }
}
