import Synchronization

/// Receives from the bus, once for the whole process, and passes events on to the broadcaster.
final class BusListener: Sendable {
    private let bus: any Bus
    private let broadcaster: Broadcaster
    private let start = Mutex<Task<Result<Void, ChatError>, Never>?>(nil)
    private let watches = Mutex<[Task<Void, Never>]>([])
    /// Set when an event was dropped because the queue was full.
    private let overflow = Atomic(false)

    init(bus: any Bus, broadcaster: Broadcaster) {
        self.bus = bus
        self.broadcaster = broadcaster
    }

    /// Starts receiving. No-op once started; concurrent callers wait for the same attempt.
    ///
    /// - Throws: what the bus throws; the next call then tries again.
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
        for task in watches.withLock({ $0 }) { task.cancel() }
        broadcaster.stop()
    }

    private func begin() async -> Result<Void, ChatError> {
        let (arrivals, door) = AsyncStream<[BusEvent]>.makeStream(bufferingPolicy: .bufferingOldest(Limits.busQueue))
        Task { [broadcaster] in
            for await events in arrivals {
                // Events first: messages that follow a rename must appear under the new name.
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
        let tasks =
            [Task { await self.watchOnlineCounts() }] + (bus.hearsEveryCommit ? [] : [Task { await self.watchLog() }])
        watches.withLock { $0 = tasks }
        return .success(())
    }

    /// Delivers batches at once and queues everything else, which needs database reads.
    private func accept(_ events: [BusEvent], _ door: AsyncStream<[BusEvent]>.Continuation) {
        let rest = events.filter { event in
            guard case .batch(let batch) = event, broadcaster.accept(batch) else { return true }
            return false
        }
        guard !rest.isEmpty else { return }
        // After an overflow, the next event that fits is preceded by a check of every room.
        let queued = overflow.exchange(false, ordering: .relaxed) ? [.gap] + rest : rest
        if case .dropped = door.yield(queued) { overflow.store(true, ordering: .relaxed) }
    }

    private static func take(_ event: BusEvent, _ broadcaster: Broadcaster) async {
        do throws(ChatError) { try await handle(event, broadcaster) } catch { broadcaster.recover() }
    }

    private static func handle(_ event: BusEvent, _ broadcaster: Broadcaster) async throws(ChatError) {
        switch event {
        // One that was not accepted at once: it is damaged.
        case .batch(let batch): try await broadcaster.delivery.check(batch.room)
        case .grown(let room, let seq): try await broadcaster.delivery.grown(room, to: seq)
        case .check(let room): try await broadcaster.delivery.check(room)
        case .event(let event): await broadcaster.show(event)
        case .gap: broadcaster.recoverAll()
        }
    }

    /// Compares the shown counts of who is online with the database periodically.
    private func watchOnlineCounts() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Limits.presenceCheck)
            if !Task.isCancelled { await broadcaster.confirmOnlineCounts() }
        }
    }

    /// Compares open rooms with their logs periodically. This finds commits of a process that died before it could
    /// publish them, and commits made during a bus outage.
    private func watchLog() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Limits.logCheck)
            try? await broadcaster.delivery.checkAll()
        }
    }
}
