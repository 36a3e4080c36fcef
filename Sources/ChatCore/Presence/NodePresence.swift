import Synchronization

// Writes a node's presence ledger the way the journal writes messages: changes that arrive while a write is in flight
// are collected for the next. The same object renews the lease, so that a node that lost its row (paused past its
// lease, swept by another) registers again with all its seats.

/// Keeps the database's record of one node's connections up to date.
package final class NodePresence: Sendable {
    private struct State {
        var ledger = PresenceLedger()
        var node: NodeID?
        var name = ""
        var isWriting = false
        /// The last write failed.
        var hasFailed = false
        var idlers: [CheckedContinuation<Void, Never>] = []

        var hasChanges: Bool { node != nil && !ledger.isSettled }
    }

    private let store: any PresenceStore & InstallationStore
    private let clock: WallClock
    private let broadcaster: Broadcaster
    private let state = Mutex(State())

    init(store: any PresenceStore & InstallationStore, clock: WallClock, broadcaster: Broadcaster) {
        self.store = store
        self.clock = clock
        self.broadcaster = broadcaster
    }

    /// Registers the node and clears what an earlier run under the same name left behind.
    package func start(as name: String) async throws(ChatError) {
        let now = clock.now()
        let (node, changes) = try await store.registerNode(named: name, at: now, leaseUntil: now + Limits.nodeLease)
        state.withLock { state in
            state.node = node
            state.name = name
            state.ledger.rewriteAll()
        }
        await announce(changes)
        write()
    }

    /// Renews the lease and sweeps expired nodes until the task is cancelled.
    ///
    /// - Parameter rounds: is told of each round.
    func run(_ rounds: Rounds) async {
        var beat = ContinuousClock.now + Limits.nodeBeat
        var firstSweep = ContinuousClock.now
        var isBehind = false
        while !Task.isCancelled {
            rounds.came("the node's lease")
            // What could not be written is not known to anybody, so the next try comes soon.
            try? await Task.sleep(for: isBehind ? Limits.presenceRetry : Limits.nodeSweep)
            if ContinuousClock.now >= beat || isBehind {
                beat = ContinuousClock.now + Limits.nodeBeat
                isBehind = !(await renew())
                // If this node could not renew its lease, neither could the others: give them time to do so before
                // sweeping.
                if isBehind { firstSweep = ContinuousClock.now + Limits.nodeBeat + Limits.nodeSweep }
            }
            if ContinuousClock.now >= firstSweep, let gone = try? await store.sweepNodes(at: clock.now()) {
                await announce(gone)
            }
            write()
            isBehind = isBehind || state.withLock { $0.hasFailed }
        }
    }

    /// Removes the node's seats from the database; announces nothing after it returns.
    package func stop() async {
        guard let node = state.withLock({ $0.node }) else { return }
        await idle()
        if let changes = try? await store.removeNode(node, at: clock.now()) { await announce(changes) }
    }

    /// Counts a connection. Returns true if it is the user's first in the room on this node.
    package func enter(_ seat: Seat) -> Bool {
        let isFirst = state.withLock { state in
            state.ledger.enter(seat)
            return state.ledger.connections(in: seat) == 1
        }
        write()
        return isFirst
    }

    package func leave(_ seat: Seat) {
        state.withLock { $0.ledger.leave(seat) }
        write()
    }

    /// Renews the lease, or registers again if another node has swept this one. Returns false if the database failed.
    private func renew() async -> Bool {
        guard let (node, name) = state.withLock({ state in state.node.map { ($0, state.name) } }) else { return true }
        do throws(ChatError) {
            let isKnown = try await store.renewLease(of: node, until: clock.now() + Limits.nodeLease)
            if !isKnown { try await start(as: name) }
            return true
        } catch {
            return false
        }
    }

    /// Prevents new writers and waits for the active one.
    private func idle() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.node = nil
                if state.isWriting { state.idlers.append(continuation) }
                return !state.isWriting
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Starts a writer, unless one is active and will pick up the new changes.
    private func write() {
        let mustStart = state.withLock { state in
            guard !state.isWriting, state.hasChanges else { return false }
            state.isWriting = true
            return true
        }
        if mustStart { Task(executorPreference: store.writer) { await self.writeAll() } }
    }

    private func writeAll() async {
        var hasSucceeded = true
        while let (node, changes) = takeChanges() {
            do {
                await announce(try await store.writeSeats(changes, of: node, at: clock.now()))
            } catch {
                // The next sweep starts the writer again.
                state.withLock { $0.ledger.putBack(changes) }
                hasSucceeded = false
                break
            }
            // In a join storm, without a pause each transaction would contain only two or three changes.
            if changes.count < Limits.presenceBatch, state.withLock(\.hasChanges) {
                try? await Task.sleep(for: Limits.presencePause)
            }
        }
        let idlers = state.withLock { [hasSucceeded] state in
            state.isWriting = false
            state.hasFailed = !hasSucceeded
            defer { state.idlers = [] }
            return state.idlers
        }
        for idler in idlers { idler.resume() }
        // For changes that arrived while this writer was finishing.
        if hasSucceeded { write() }
    }

    private func takeChanges() -> (NodeID, [SeatCount])? {
        state.withLock { state in
            guard let node = state.node else { return nil }
            let changes = state.ledger.takeChanges(atMost: Limits.presenceBatch)
            return changes.isEmpty ? nil : (node, changes)
        }
    }

    private func announce(_ changes: [PresenceChange]) async {
        guard !changes.isEmpty else { return }
        await broadcaster.announce(changes.map { .presence($0) })
    }
}
