import ChatCore

/// Work that a signal ends between two of its steps, and not within one.
enum Interruption {
    private enum Outcome {
        case finished(Result<Void, ChatError>)
        case interrupted
        case noMoreSignals
    }

    /// Cancels the task of `work` at the first of `signals`, and waits until it has seen that.
    ///
    /// - Returns: false when a signal ended the work.
    /// - Throws: what `work` throws, unless a signal came first.
    static func run(
        _ signals: AsyncStream<Void>, _ work: @escaping @Sendable () async throws(ChatError) -> Void
    ) async throws(ChatError) -> Bool {
        let result = await withTaskGroup(of: Outcome.self) { group in
            group.addTask {
                do throws(ChatError) {
                    try await work()
                    return .finished(.success(()))
                } catch {
                    return .finished(.failure(error))
                }
            }
            group.addTask {
                for await _ in signals { return .interrupted }
                return .noMoreSignals
            }
            defer { group.cancelAll() }
            for await outcome in group {
                switch outcome {
                case .finished(let result): return Optional(result)
                case .interrupted: return nil
                case .noMoreSignals: continue
                }
            }
            return nil
        }
        try result?.get()
        return result != nil
    }
}
