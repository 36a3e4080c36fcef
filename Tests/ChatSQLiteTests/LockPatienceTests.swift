import ChatCore
import Testing

@testable import ChatSQLite

/// How long writes wait for another process.
@Suite struct LockPatienceTests {
    private let start = ContinuousClock.now

    @Test func `writes that wait in a row share one patience`() {
        var patience = LockPatience()
        var now = start
        var waited = 0
        while let pause = patience.pause(afterTries: waited, at: now) {
            now += pause
            waited += 1
        }
        #expect(now - start >= Limits.databaseLock && now - start < Limits.databaseLock + .milliseconds(10))
        for _ in 0..<100 {
            #expect(patience.pause(afterTries: 0, at: now) == nil)
            now += .seconds(1)
        }
    }

    @Test func `who got the lock has all patience again`() {
        var patience = LockPatience()
        _ = patience.pause(afterTries: 0, at: start)
        #expect(patience.pause(afterTries: 1, at: start + Limits.databaseLock) == nil)
        patience.gotLock()
        #expect(patience.pause(afterTries: 0, at: start + Limits.databaseLock) != nil)
    }

    @Test func `a lock that was found long ago says nothing about this one`() {
        var patience = LockPatience()
        _ = patience.pause(afterTries: 0, at: start)
        #expect(patience.pause(afterTries: 0, at: start + .seconds(60)) != nil)
    }

    @Test func `the first tries come soon after one another`() {
        var patience = LockPatience()
        #expect(patience.pause(afterTries: 0, at: start) == .milliseconds(1))
        #expect(patience.pause(afterTries: 100, at: start) == .milliseconds(5))
    }
}
