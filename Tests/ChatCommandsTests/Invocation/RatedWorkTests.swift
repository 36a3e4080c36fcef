import ChatCore
import Synchronization
import Testing

@testable import ChatCommands

@Suite struct RatedWorkTests {
    @Test func `what the rate limit refuses is done when its time has come`() async throws {
        let refusals = Mutex(3)
        let answer = try await RatedWork.run { () async throws(ChatError) -> Int in
            let isRefused = refusals.withLock { left in
                left -= 1
                return left >= 0
            }
            if isRefused { throw ChatError(.rateLimited, "too fast", retryAfter: .milliseconds(1)) }
            return 7
        }
        #expect(answer == 7 && refusals.withLock { $0 } == -1)
    }

    @Test func `other errors, and a refusal without a time, are thrown`() async {
        for error in [ChatError(.muted, "no"), ChatError(.rateLimited, "no")] {
            let thrown = await #expect(throws: ChatError.self) {
                try await RatedWork.run { () async throws(ChatError) -> Int in throw error }
            }
            #expect(thrown == error)
        }
    }
}
