import Synchronization

/// Lets a few searches run at once, in the order in which they came, and one of each user: a search can keep a core busy
/// for as long as it may run.
final class SearchGate: Sendable {
    private struct State {
        var running = 0
        var users: Set<UserID> = []
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Runs `search` once there is room for it.
    ///
    /// - Parameter user: who searches; nil for an operator, whose searches are not counted.
    /// - Throws: `rateLimited` while the user has another one under way, `unavailable` when too many wait, and what `search`
    ///   throws.
    func run<Value: Sendable>(
        for user: UserID?, _ search: () async throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        guard let user else { return try await search() }
        try enter(user)
        await place()
        defer { leave(user) }
        return try await search()
    }

    private func enter(_ user: UserID) throws(ChatError) {
        try state.withLock { state throws(ChatError) in
            guard !state.users.contains(user) else {
                throw ChatError(
                    .rateLimited, "search: another one of yours is under way", hint: "wait for its answer",
                    retryAfter: .seconds(1))
            }
            guard state.users.count < Limits.searchesAtOnce + Limits.waitingSearches else {
                throw ChatError(
                    .unavailable, "search: too many are under way", hint: "try again", retryAfter: .seconds(1))
            }
            state.users.insert(user)
        }
    }

    private func place() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.running >= Limits.searchesAtOnce else {
                    state.running += 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    /// Hands the place on to whoever waits longest.
    private func leave(_ user: UserID) {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.users.remove(user)
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.running -= 1
            return nil
        }
        next?.resume()
    }
}
