import Synchronization

/// A feed that reads this process's store: it is a hub that is told when a room's log grows and then reads the log.
final class LocalFeed: Feed, Hub {
    private struct State {
        var queue = FeedQueue()
        var isClosed = false
        /// Counts what may have taken rights away, so that a check of rights that ran meanwhile is made again.
        var revision = 0
        var consumer: CheckedContinuation<Void, Never>?
    }

    let readsLog = true
    private let service: LocalChat
    private let state = Mutex(State())

    init(service: LocalChat) {
        self.service = service
    }

    private var delivery: Delivery { service.chat.delivery }

    // MARK: Rooms

    func add(_ position: RoomPosition) async throws(ChatError) {
        let room = try await queued(position)
        do throws(ChatError) {
            // Another feed may close the room between the two calls.
            repeat { try await delivery.open(room) } while !delivery.attach(self, to: room.id)
        } catch {
            await remove(room.name)
            throw error
        }
        // The room was removed or lost, or the feed closed, while the room was opened.
        let isFollowed = state.withLock { !$0.isClosed && $0.queue.follows(room.id) }
        if !isFollowed { delivery.detach(self, from: room.id) }
    }

    /// Checks that the caller may read the room and adds it to the queue, before the delivery brings anything of it.
    private func queued(_ position: RoomPosition) async throws(ChatError) -> RoomReference {
        while true {
            let asked = state.withLock { $0.revision }
            let room = try await service.readableRoom(position.room).room
            let isCurrent = state.withLock { state in
                guard state.revision == asked else { return false }
                state.queue.add(room, after: position.after)
                return true
            }
            if isCurrent { return room }
        }
    }

    func remove(_ room: RoomName) async {
        let id = state.withLock { state in
            let id = state.queue.roomID(of: room)
            if let id { state.queue.remove(id) }
            return id
        }
        if let id { delivery.detach(self, from: id) }
    }

    // MARK: Hub

    func post(_ item: HubItem) {
        let caller = service.caller
        change { state in
            if item.mayEndReading { state.revision += 1 }
            state.queue.take(item, for: caller.user?.id, seesAll: caller.isOperator)
        }
    }

    // MARK: The consumer

    func next() async throws(ChatError) -> FeedItem? {
        while !Task.isCancelled {
            let (step, lost) = state.withLock { ($0.isClosed ? nil : $0.queue.next(), $0.queue.takeLostRooms()) }
            for room in lost { delivery.detach(self, from: room) }
            switch step {
            case nil: return nil
            case .give(let item): return item
            case .read(let room, let after): try await read(room, after: after)
            case .recheck(let room): try await recheck(room)
            case .wait: await somethingToDo()
            }
        }
        return nil
    }

    func close() async {
        let (rooms, consumer) = state.withLock { state in
            state.isClosed = true
            return (state.queue.roomIDs, Self.takeConsumer(&state))
        }
        delivery.remove(self)
        for room in rooms { delivery.detach(self, from: room) }
        consumer?.resume()
    }

    private func read(_ room: RoomReference, after: Int64) async throws(ChatError) {
        let asked = Limits.replayMessages
        do throws(ChatError) {
            let page = try await service.store.messages(in: room, .after(after), limit: asked)
            state.withLock { $0.queue.took(page, of: room.id, asked: asked) }
        } catch {
            state.withLock { $0.queue.failedToRead(room.id) }
            throw error
        }
    }

    private func recheck(_ room: RoomReference) async throws(ChatError) {
        do throws(ChatError) {
            guard let reason = try await service.lossOfReading(room) else { return }
            change { $0.queue.lost(room.id, reason) }
        } catch {
            state.withLock { $0.queue.failedToRecheck(room.id) }
            throw error
        }
    }

    // MARK: Waiting

    private func change(_ act: (inout State) -> Void) {
        let consumer = state.withLock { state in
            act(&state)
            return Self.takeConsumer(&state)
        }
        consumer?.resume()
    }

    private func somethingToDo() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard !state.isClosed, !Task.isCancelled, state.queue.isIdle else { return false }
                    state.consumer = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            change { _ in }
        }
    }

    private static func takeConsumer(_ state: inout State) -> CheckedContinuation<Void, Never>? {
        defer { state.consumer = nil }
        return state.consumer
    }
}

extension HubItem {
    /// True if a user may have lost the right to read a room.
    fileprivate var mayEndReading: Bool {
        switch self {
        case .recheck: true
        case .event(let event): event.mayEndRights
        case .open, .batch, .grown, .edited, .presence, .counts, .room: false
        }
    }
}
