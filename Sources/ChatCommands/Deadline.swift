import ChatCore

/// Work that must end in time.
enum Deadline {
    /// - Parameter what: what an error calls the work.
    /// - Throws: `timedOut` when `limit` passes first, otherwise what `work` throws.
    static func run(
        within limit: Duration?, of what: String, _ work: @escaping @Sendable () async throws(ChatError) -> Void
    ) async throws(ChatError) {
        guard let limit else { return try await work() }
        let late = ChatError(.timedOut, "\(what): did not complete within \(limit)")
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await work() }
                group.addTask {
                    try await Task.sleep(for: limit)
                    throw late
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch {
            throw ChatError.wrapping(error)
        }
    }
}
