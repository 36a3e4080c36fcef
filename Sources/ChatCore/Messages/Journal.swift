import Synchronization

// Group commit without a timer. Drafts that arrive while a commit is in flight are collected; the next commit takes all
// of them, up to a limit. At low load a message waits for nothing, at high load one fsync covers hundreds. Rejected: a
// fixed collection window, which would add its length to every message of an idle system.

/// Turns drafts into durable messages, many per commit, and delivers commits in order.
package final class Journal: Sendable {
    /// Called once with the outcome of one draft, after the commit that contains it; must not block.
    package typealias Completion = @Sendable (Result<Appended, ChatError>) -> Void

    private struct Entry: Sendable {
        let draft: Draft
        let completion: Completion
    }

    private struct State {
        var waiting: [Entry] = []
        var isRunning = false
        /// Batches whose outcome the database has not confirmed yet.
        var inDoubt = 0
        var isClosed = false
        var idlers: [CheckedContinuation<Void, Never>] = []
    }

    private let store: any MessageStore & InstallationStore
    private let clock: WallClock
    private let listener: any CommitListener
    private let observer: any Observer
    private let state = Mutex(State())

    /// - Parameter listener: is told of each commit's new messages before any completion is called.
    package init(
        store: any MessageStore & InstallationStore, clock: WallClock, listener: any CommitListener,
        observer: any Observer = SilentObserver()
    ) {
        self.store = store
        self.clock = clock
        self.listener = listener
        self.observer = observer
    }

    /// Queues a draft. Drafts are committed in the order of these calls.
    ///
    /// The completion gets `unavailable` at once if ``Limits/journalQueue`` drafts already wait or the journal is
    /// closed.
    package func submit(_ draft: Draft, completion: @escaping Completion) {
        enum Verdict { case refused, queued, first }
        let verdict = state.withLock { state -> Verdict in
            guard !state.isClosed, state.waiting.count < Limits.journalQueue else { return .refused }
            state.waiting.append(Entry(draft: draft, completion: completion))
            defer { state.isRunning = true }
            return state.isRunning ? .queued : .first
        }
        switch verdict {
        case .refused:
            completion(.failure(ChatError(.unavailable, "message: too many wait to be stored", hint: "try again")))
        case .queued: break
        case .first: Task(executorPreference: store.writer) { await self.run() }
        }
    }

    /// Accepts no more drafts; returns once all accepted ones are done.
    package func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isClosed = true
                let isBusy = state.isRunning || state.inDoubt > 0
                if isBusy { state.idlers.append(continuation) }
                return !isBusy
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Commits batches one after the other. While more drafts wait, a batch is delivered concurrently with the next
    /// commit; batches are still delivered in order.
    private func run() async {
        var handingOn: Task<Void, Never>?
        while let batch = takeBatch() {
            let concluding = await commit(batch)
            await handingOn?.value
            handingOn = nil
            guard let concluding else { continue }
            if waitingCount > 0 { handingOn = Task { await concluding() } } else { await concluding() }
        }
    }

    private var waitingCount: Int { state.withLock { $0.waiting.count } }

    private func takeBatch() -> [Entry]? {
        let (batch, idlers) = state.withLock { state -> ([Entry]?, [CheckedContinuation<Void, Never>]) in
            if state.waiting.isEmpty {
                state.isRunning = false
                return (nil, Self.takeIdlers(&state))
            }
            let count = Self.lengthOfBatch(in: state.waiting)
            guard count < state.waiting.count else {
                defer { state.waiting.removeAll(keepingCapacity: true) }
                return (state.waiting, [])
            }
            defer { state.waiting.removeFirst(count) }
            return (Array(state.waiting.prefix(count)), [])
        }
        for idler in idlers { idler.resume() }
        return batch
    }

    /// How many of the waiting drafts the next commit takes.
    private static func lengthOfBatch(in waiting: [Entry]) -> Int {
        let most = min(waiting.count, Limits.journalBatch)
        var bytes = 0
        for index in 0..<most {
            bytes += waiting[index].draft.body.sentBytes
            if bytes > Limits.journalBatchBytes { return max(1, index) }
        }
        return most
    }

    /// The callers of ``close()`` to resume; empty while work is in flight.
    private static func takeIdlers(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        guard !state.isRunning, state.inDoubt == 0 else { return [] }
        defer { state.idlers = [] }
        return state.idlers
    }

    /// Commits a batch. Returns the remaining step, to deliver the messages and answer the senders, or nil if there is
    /// none.
    private func commit(_ batch: [Entry]) async -> (@Sendable () async -> Void)? {
        let began = ContinuousClock.now
        do {
            switch try await store.append(batch.map(\.draft), at: clock.now()) {
            case .done(let results):
                let took = ContinuousClock.now - began
                observer.observe(.committed(messages: batch.count, took: took, waiting: waitingCount))
                return { await self.conclude(batch, with: results) }
            case .unknown(let resolve): leaveInDoubt(batch, until: resolve)
            }
        } catch  where batch.count > 1 && error.code != .unavailable {
            return await commitSingly(batch)
        } catch {
            for entry in batch { entry.completion(.failure(error)) }
        }
        return nil
    }

    /// One draft may have failed the transaction for the others: each gets a transaction of its own.
    private func commitSingly(_ batch: [Entry]) async -> @Sendable () async -> Void {
        var steps: [@Sendable () async -> Void] = []
        for entry in batch { if let step = await commit([entry]) { steps.append(step) } }
        return { [steps] in for step in steps { await step() } }
    }

    /// Answers a batch once its outcome is known. Later batches need not wait: the room's feed restores the order.
    private func leaveInDoubt(
        _ batch: [Entry], until resolve: @escaping @Sendable () async throws(ChatError) -> [Result<Appended, ChatError>]
    ) {
        state.withLock { $0.inDoubt += 1 }
        Task {
            do throws(ChatError) {
                await conclude(batch, with: try await resolve())
            } catch {
                for entry in batch { entry.completion(.failure(error)) }
            }
            let idlers = state.withLock { state in
                state.inDoubt -= 1
                return Self.takeIdlers(&state)
            }
            for idler in idlers { idler.resume() }
        }
    }

    private func conclude(_ batch: [Entry], with results: [Result<Appended, ChatError>]) async {
        let fresh = results.compactMap { result -> Message? in
            guard case .success(let appended) = result, !appended.isRepeat else { return nil }
            return appended.message
        }
        if !fresh.isEmpty { await listener.committed(fresh) }
        for (entry, result) in zip(batch, results) { entry.completion(result) }
    }
}
