import ChatCore

/// Work that one command makes many requests for. What the rate limit refuses of it is no abuse: it is done again when its
/// time has come.
enum RatedWork {
    static func run<Value>(_ work: () async throws(ChatError) -> Value) async throws(ChatError) -> Value {
        while true {
            do throws(ChatError) {
                return try await work()
            } catch  where error.code == .rateLimited {
                guard let wait = error.retryAfter else { throw error }
                do { try await Task.sleep(for: wait) } catch { throw ChatError.wrapping(error) }
            }
        }
    }
}
