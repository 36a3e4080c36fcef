// A process that has a database open while it is restored must not go on: its positions, its feeds and what it knows of
// rooms belong to another log. What it would store is refused by the driver where the file was replaced; that it ends is
// decided here, by comparing epochs.

extension Chat {
    /// Waits until the database was restored under this process. Returns nil when the task was cancelled before.
    package func restoration() async -> ChatError? {
        while !Task.isCancelled {
            try? await Task.sleep(for: Limits.partCheck)
            guard let known = try? await epoch(), let present = try? await store.presentEpoch() else { continue }
            if known != present, !Task.isCancelled { return Self.restored }
        }
        return nil
    }

    /// Tells feeds that the database was restored. No-op once started.
    func watchForRestore() {
        restoreWatch.withLock { watch in
            guard watch == nil else { return }
            watch = Task {
                // Again and again, for feeds that are opened later.
                while let error = await restoration() { delivery.post(.restored(error)) }
            }
        }
    }

    private static var restored: ChatError {
        ChatError(
            .unavailable, "database: it was restored from a backup while this process had it open",
            hint: "start again, to work with what is there now")
    }
}
