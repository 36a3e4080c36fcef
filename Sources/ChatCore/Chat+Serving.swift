import Synchronization

// What a server process does besides its use cases: it registers as a node with a lease, follows the bus, monitors the
// database and the bus, and writes gathered token uses and read marks periodically.

extension Chat {
    /// Registers this process as a node of the installation and starts its background tasks.
    ///
    /// - Parameters:
    ///   - name: must be the same after a restart, so that only the presence left by this node's own crash is cleared.
    ///   - hubs: receive every event from now on.
    /// - Throws: `unavailable` when the database or the bus cannot be used.
    package func startServing(as name: String, hubs: [any Hub]) async throws(ChatError) {
        _ = try await epoch()
        delivery.add(hubs)
        await store.prepareToServe()
        try await listener.ensureStarted()
        try await presence.start(as: name)
        let tasks = [
            Task { await self.presence.run() },
            Task { await self.every(Limits.tokenUseWrite) { await self.writeTokenUses() } },
            Task { await self.every(Limits.readMarkWrite) { await self.writeReadMarks() } },
            Task { await self.indexBehind() },
            Task { await self.watchParts() },
        ]
        serving.withLock { $0 += tasks }
    }

    /// Reverses ``startServing(as:hubs:)`` once the last message is durable: removes the node's presence and stops the
    /// bus.
    package func stopServing() async {
        await stopPosting()
        let tasks = serving.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in tasks { task.cancel() }
        await presence.stop()
        await close()
    }

    /// Subscribes `hub` to a room whose feed is open; it receives `.open` and then every later batch.
    package func attach(_ hub: any Hub, to room: RoomID) { delivery.attach(hub, to: room) }

    /// Unsubscribes `hub` from the room.
    package func detach(_ hub: any Hub, from room: RoomID) { delivery.detach(hub, from: room) }

    /// Counts a live connection of `user`.
    ///
    /// - Throws: `rateLimited` when the user already holds the maximum number of connections.
    package func openConnection(of user: User) throws(ChatError) {
        do throws(ChatError) {
            try connections.withLock { counts throws(ChatError) in try counts.open(by: user) }
        } catch {
            report(.tooManyConnections(user.username))
            throw error
        }
    }

    package func closeConnection(of user: UserID) { connections.withLock { $0.close(of: user) } }

    package var connectionCount: Int { connections.withLock { $0.total } }

    /// Runs a short operation, such as the reads of a handshake or a join, on the store's reader executor.
    @discardableResult
    package func read(_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        Task(executorPreference: store.reader, operation: operation)
    }

    /// Releases caches.
    package func releaseMemory() async { await store.releaseMemory() }

    /// Checks that the database can be read and written, and that the bus delivers.
    ///
    /// - Throws: `unavailable` for the database, or the fault that the bus reports.
    package func requireHealth() async throws(ChatError) {
        do throws(ChatError) {
            try await checkHealth()
        } catch {
            // A check that was cancelled by the shutdown proves nothing.
            if !Task.isCancelled { noteHealth(error) }
            throw error
        }
        if !Task.isCancelled { noteHealth(nil) }
    }

    /// Reports the begin and the end of outages to the observer, whoever asked: what a client was told is in the log.
    private func noteHealth(_ fault: ChatError?) {
        let observations = parts.withLock { $0.saw(fault, at: clock.now()) }
        for observation in observations { observer.observe(observation) }
    }

    private func checkHealth() async throws(ChatError) {
        do throws(ChatError) { _ = try await store.epoch() } catch {
            throw ChatError(.unavailable, error.message).of(.database)
        }
        if let fault = await store.fault() { throw fault.of(.database) }
        if let fault = await bus.fault() { throw fault }
    }

    /// Writes the gathered token uses and read marks now.
    func writeNotes() async {
        await writeTokenUses()
        await writeReadMarks()
    }

    private func every(_ interval: Duration, _ act: () async -> Void) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: interval)
            if !Task.isCancelled { await act() }
        }
    }

    /// Keeps the search index up to date: wholly while there is time, and by one batch a second while many messages are
    /// posted, which must not wait for it.
    private func indexBehind() async {
        var before = broadcaster.committedCount.load(ordering: .relaxed)
        await every(Limits.searchIndexing) {
            let count = broadcaster.committedCount.load(ordering: .relaxed)
            defer { before = count }
            if count - before > Limits.fewMessages {
                _ = try? await store.indexMessages()
            } else {
                await indexMessages(for: Limits.searchTime)
            }
        }
    }

    /// Brings the search index up to date, in at most about this time. A failure is not reported: searches are complete
    /// without the index, and the next call goes on.
    func indexMessages(for time: Duration) async {
        let deadline = ContinuousClock.now + time
        while ContinuousClock.now < deadline, !Task.isCancelled, (try? await store.indexMessages()) == true {}
    }

    private func writeTokenUses() async {
        let uses = tokenUses.withLock { $0.takeAll() }
        // A failed write is not retried: the next use of the token is recorded instead.
        if !uses.isEmpty { try? await store.noteUses(uses) }
    }

    private func writeReadMarks() async {
        let marks = readMarks.withLock { $0.takeAll() }
        guard !marks.isEmpty else { return }
        do throws(ChatError) { try await store.markRead(marks) } catch {
            readMarks.withLock { waiting in for mark in marks { waiting.note(mark) } }
        }
    }

    /// Checks the database and the bus periodically.
    private func watchParts() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Limits.partCheck)
            try? await requireHealth()
        }
    }
}
