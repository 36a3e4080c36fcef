import Synchronization

// What a server process does beside its use cases: it is a node with a lease and seats, listens to the bus, watches
// its parts, and writes what is written behind.

extension Chat {
    /// Makes this process a node of the installation.
    ///
    /// - Parameters:
    ///   - name: the same after a restart, so that what a crash left behind is cleared, and no other server's.
    ///   - hubs: get what happens from now on.
    /// - Throws: `unavailable` for the database or the bus.
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
            Task { await self.watchParts() },
        ]
        serving.withLock { $0 += tasks }
    }

    /// Ends what ``startServing(as:hubs:)`` began, after the last message is durable: the node's presence is taken
    /// back, and the bus is let go of.
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

    /// Brings `hub` into a room whose feed is open; it gets `.open` and then every later batch.
    package func attach(_ hub: any Hub, to room: RoomID) { delivery.attach(hub, to: room) }

    /// Takes `hub` out of the room.
    package func detach(_ hub: any Hub, from room: RoomID) { delivery.detach(hub, from: room) }

    /// Counts a live connection.
    ///
    /// - Throws: `rateLimited` when its user holds too many.
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

    /// Runs a short read, such as what a handshake or a join asks, where it waits least.
    package func read(_ operation: @escaping @Sendable () async -> Void) {
        Task(executorPreference: store.reader, operation: operation)
    }

    /// Gives back memory that was kept to be faster.
    package func releaseMemory() async { await store.releaseMemory() }

    /// - Throws: why the database or the bus cannot be used now.
    package func requireHealth() async throws(ChatError) {
        do throws(ChatError) { _ = try await store.epoch() } catch {
            throw ChatError(.unavailable, error.message).of(.database)
        }
        if let fault = await bus.fault() { throw fault }
    }

    /// Writes what is gathered to be written behind.
    func writeNotes() async {
        await writeTokenUses()
        await writeReadMarks()
    }

    private func every(_ interval: Duration, _ act: @Sendable () async -> Void) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: interval)
            if !Task.isCancelled { await act() }
        }
    }

    private func writeTokenUses() async {
        let uses = tokenUses.withLock { $0.takeAll() }
        // What cannot be written is noted again at the next use.
        if !uses.isEmpty { try? await store.noteUses(uses) }
    }

    private func writeReadMarks() async {
        let marks = readMarks.withLock { $0.takeAll() }
        guard !marks.isEmpty else { return }
        do throws(ChatError) { try await store.markRead(marks) } catch {
            readMarks.withLock { waiting in for mark in marks { waiting.note(mark) } }
        }
    }

    /// Says when a part of the installation fails and when it is back.
    private func watchParts() async {
        var watch = PartWatch()
        while !Task.isCancelled {
            try? await Task.sleep(for: Limits.partCheck)
            var fault: ChatError?
            do throws(ChatError) { try await requireHealth() } catch { fault = error }
            // A look that the end of serving broke off says nothing.
            guard !Task.isCancelled else { return }
            for observation in watch.saw(fault, at: clock.now()) { observer.observe(observation) }
        }
    }
}
