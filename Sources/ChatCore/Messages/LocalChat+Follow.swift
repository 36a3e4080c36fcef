extension LocalChat: FollowService {
    package func feed() async throws(ChatError) -> any Feed {
        let (rings, bell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await chat.bus.start { _ in bell.yield() }
        return LocalFeed(chat: self, rings: rings, bell: bell)
    }
}

/// A feed that reads the log behind each position whenever the bus rings.
private actor LocalFeed: Feed {
    private let chat: LocalChat
    private let bell: AsyncStream<Void>.Continuation
    private let rings: AsyncStream<Void>
    private var positions: [RoomPosition] = []
    private var due: [Message] = []

    init(chat: LocalChat, rings: AsyncStream<Void>, bell: AsyncStream<Void>.Continuation) {
        self.chat = chat
        self.rings = rings
        self.bell = bell
    }

    func add(_ position: RoomPosition) async throws(ChatError) {
        chat.chat.bus.follow(try await chat.readableRoom(position.room).room.id)
        positions.append(position)
        bell.yield()
    }

    func remove(_ room: RoomName) { positions.removeAll { $0.room == room } }

    func close() { bell.finish() }

    func next() async throws(ChatError) -> FeedItem? {
        while due.isEmpty {
            let watch = Task { [bell, isNeeded = !chat.chat.bus.hearsEveryCommit] in
                guard isNeeded else { return }
                try? await Task.sleep(for: Limits.logCheck)
                bell.yield()
            }
            defer { watch.cancel() }
            var iterator = rings.makeAsyncIterator()
            guard await iterator.next(isolation: self) != nil else { return nil }
            for index in positions.indices {
                let page = try await chat.messages(
                    in: positions[index].room, .after(positions[index].after), limit: Limits.replayMessages)
                due += page
                if page.count == Limits.replayMessages { bell.yield() }
                positions[index] = RoomPosition(
                    room: positions[index].room, after: page.last?.seq ?? positions[index].after)
            }
        }
        return .message(due.removeFirst())
    }
}
