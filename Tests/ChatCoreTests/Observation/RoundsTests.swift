import ChatTestKit
import Testing

@testable import ChatCore

/// Which periodic tasks are missed.
@Suite struct RoundsTests {
    private let start = ContinuousClock.now

    @Test func `who comes in time is not missed, who does not is named`() {
        let rounds = Rounds()
        #expect(rounds.fault(at: start) == nil)
        rounds.came("first", at: start)
        rounds.came("second", at: start + .seconds(10))
        #expect(rounds.fault(at: start + Limits.lateRound) == nil)
        let fault = rounds.fault(at: start + Limits.lateRound + .seconds(1))
        #expect(fault?.code == .unavailable && fault?.part == .heartbeats)
        #expect(fault?.message.contains("first has not come round for 16 s") == true)
        rounds.came("first", at: start + .seconds(17))
        #expect(rounds.fault(at: start + .seconds(20)) == nil)
    }

    @Test func `after the end nobody is missed`() {
        let rounds = Rounds()
        rounds.came("first", at: start)
        rounds.end()
        #expect(rounds.fault(at: start + .seconds(100)) == nil)
    }

    @Test func `a server that misses one is not ready and says which part, until it comes`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        try await node.chat.requireHealth()
        node.chat.rounds.came("event loop 9", at: .now - Limits.lateRound - .seconds(1))
        let error = await #expect(throws: ChatError.self) { try await node.chat.requireHealth() }
        #expect(error?.part == .heartbeats && error?.message.contains("event loop 9") == true)
        #expect(error?.outward.code == .unavailable)
        node.chat.rounds.came("event loop 9")
        try await node.chat.requireHealth()
        await node.close()
    }
}
