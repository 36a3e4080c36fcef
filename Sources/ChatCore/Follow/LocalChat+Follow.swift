extension LocalChat: FollowService {
    /// Creates a feed that reads this process's store. All feeds share one bus subscription.
    ///
    /// - Throws: `unavailable` when the bus cannot be started.
    package func feed() async throws(ChatError) -> any Feed {
        _ = try await chat.epoch()
        try await chat.listener.ensureStarted()
        chat.watchForRestore()
        let feed = LocalFeed(service: self)
        chat.delivery.add([feed])
        return feed
    }
}
