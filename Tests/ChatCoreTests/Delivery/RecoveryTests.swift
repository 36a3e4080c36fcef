import ChatTestKit
import Testing

@testable import ChatCore

/// What is repeated until it succeeds, one at a time.
@Suite struct RecoveryTests {
    @Test func `a catch-up is repeated until it succeeds, and then no more`() async throws {
        let recovery = Recovery(pause: .milliseconds(1))
        let (attempts, end) = (Counter(), Gate())
        recovery.request { () async throws(ChatError) in
            attempts.add()
            guard attempts.count >= 3 else { throw ChatError(.unavailable, "database: gone") }
            await end.pass()
        }
        #expect(await eventually { end.arrivals == 1 })
        end.open()
        let again = Counter()
        #expect(
            await eventually {
                recovery.request { again.add() }
                return again.count > 0
            })
        #expect(attempts.count <= 4)
    }

    @Test func `requests during a run lead to one more, and runs never overlap`() async throws {
        let recovery = Recovery(pause: .milliseconds(1))
        let (runs, gate) = (Counter(), Gate())
        let work: @Sendable () async throws(ChatError) -> Void = {
            runs.add()
            await gate.pass()
        }
        recovery.request(work)
        #expect(await eventually { gate.arrivals == 1 })
        for _ in 1...5 { recovery.request(work) }
        #expect(runs.count == 1)
        gate.open()
        #expect(await eventually { runs.count == 2 })
        let later = Counter()
        #expect(
            await eventually {
                recovery.request { later.add() }
                return later.count > 0
            })
        // A request that comes while the second run ends may lead to a third.
        #expect(runs.count <= 3)
    }

    @Test func `after the end no attempt is made`() async throws {
        let recovery = Recovery(pause: .milliseconds(1))
        let (attempts, gate) = (Counter(), Gate())
        recovery.request { () async throws(ChatError) in
            attempts.add()
            await gate.pass()
            throw ChatError(.unavailable, "database: gone")
        }
        #expect(await eventually { gate.arrivals == 1 })
        recovery.stop()
        gate.open()
        recovery.request { attempts.add() }
        #expect(attempts.count == 1)
    }
}
