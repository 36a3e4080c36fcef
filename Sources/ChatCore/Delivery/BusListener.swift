import Synchronization

/// Listens to the bus, once for the whole process, and passes on what other processes publish.
final class BusListener: Sendable {
    private let bus: any Bus
    private let broadcaster: Broadcaster
    private let start = Mutex<Task<Result<Void, ChatError>, Never>?>(nil)
    private let watch = Mutex<Task<Void, Never>?>(nil)
    /// Set when something that the bus brought found no room in the queue.
    private let overflow = Atomic(false)

    init(bus: any Bus, broadcaster: Broadcaster) {
        self.bus = bus
        self.broadcaster = broadcaster
    }

    /// Begins to listen. No-op once it has begun; whoever calls meanwhile waits for the same attempt.
    ///
    /// - Throws: what the bus throws; then the next call tries again.
    func ensureStarted() async throws(ChatError) {
        let attempt = start.withLock { start in
            if let start { return start }
            let fresh = Task { await self.begin() }
            start = fresh
            return fresh
        }
        do throws(ChatError) { try await attempt.value.get() } catch {
            start.withLock { if $0 == attempt { $0 = nil } }
            throw error
        }
    }

    func stop() {
        watch.withLock { $0 }?.cancel()
    }

    private func begin() async -> Result<Void, ChatError> {
        let (arrivals, door) = AsyncStream<[BusEvent]>.makeStream(bufferingPolicy: .bufferingOldest(Limits.busQueue))
        Task { [broadcaster] in
            for await events in arrivals {
                // Events first: a message behind a rename is to be shown under the new name.
                for event in events where !event.isGrowth { await Self.take(event, broadcaster) }
                for event in events where event.isGrowth { await Self.take(event, broadcaster) }
            }
        }
        do throws(ChatError) {
            try await bus.start { [self] events in accept(events, door) }
        } catch {
            door.finish()
            return .failure(error)
        }
        if !bus.hearsEveryCommit { watch.withLock { $0 = Task { await self.watchLog() } } }
        return .success(())
    }

    /// Batches need no waiting and go at once; the rest is queued.
    private func accept(_ events: [BusEvent], _ door: AsyncStream<[BusEvent]>.Continuation) {
        let rest = events.filter { event in
            guard case .batch(let batch) = event else { return true }
            broadcaster.delivery.accept(batch)
            return false
        }
        guard !rest.isEmpty else { return }
        // What did not fit is made up for by a check of everything, with the next that does.
        let queued = overflow.exchange(false, ordering: .relaxed) ? [.gap] + rest : rest
        if case .dropped = door.yield(queued) { overflow.store(true, ordering: .relaxed) }
    }

    private static func take(_ event: BusEvent, _ broadcaster: Broadcaster) async {
        switch event {
        case .batch(let batch): broadcaster.delivery.accept(batch)
        case .grown(let room, let seq): await broadcaster.delivery.grown(room, to: seq)
        case .check(let room): await broadcaster.delivery.check(room)
        case .event(let event): await broadcaster.show(event)
        case .gap: await broadcaster.recheckAll()
        }
    }

    /// Compares open rooms with their logs at an interval, which makes up for a process that died between its commit
    /// and its ring, and for a bus that is out.
    private func watchLog() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Limits.logCheck)
            await broadcaster.delivery.checkAll()
        }
    }
}
