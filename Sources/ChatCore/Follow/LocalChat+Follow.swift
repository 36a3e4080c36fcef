extension LocalChat: FollowService {
    /// A feed over the log of this process' store. The bus is listened to once for all feeds.
    ///
    /// - Throws: `unavailable` when the bus cannot be listened to.
    package func feed() async throws(ChatError) -> any Feed {
        try await chat.listener.ensureStarted()
        let feed = LocalFeed(service: self)
        chat.delivery.add([feed])
        return feed
    }
}
