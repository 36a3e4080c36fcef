import ChatCore
import Testing

/// How often users may do what.
@Suite struct RateLimitsTests {
    private let alice = UserID(1)
    private let bob = UserID(2)
    private let start = Timestamp(milliseconds: 1_000_000)

    private func refusal(_ act: () throws(ChatError) -> Void) -> ChatError? {
        do throws(ChatError) { try act() } catch { return error }
        return nil
    }

    @Test(arguments: [(RatedAct.message, 50), (.typing, 50), (.room, 20), (.token, 20), (.hook, 20)])
    func `a burst is let through and no more`(act: RatedAct, burst: Int) throws {
        var limits = RateLimits()
        for _ in 0..<burst { try limits.take(act, for: alice, at: start) }
        let error = try #require(refusal { () throws(ChatError) in try limits.take(act, for: alice, at: start) })
        #expect(error.code == .rateLimited)
        #expect(error.message.hasPrefix(act.rawValue))
    }

    @Test func `after the time it names, one more is let through`() throws {
        var limits = RateLimits()
        for _ in 0..<20 { try limits.take(.room, for: alice, at: start) }
        let error = try #require(refusal { () throws(ChatError) in try limits.take(.room, for: alice, at: start) })
        let wait = try #require(error.retryAfter)
        #expect(wait == .seconds(3))
        #expect(refusal { () throws(ChatError) in try limits.take(.room, for: alice, at: start + .seconds(2)) } != nil)
        try limits.take(.room, for: alice, at: start + .seconds(4))
    }

    @Test func `users and kinds of acts do not disturb each other`() throws {
        var limits = RateLimits()
        for _ in 0..<20 { try limits.take(.room, for: alice, at: start) }
        try limits.take(.token, for: alice, at: start)
        try limits.take(.room, for: bob, at: start)
    }

    @Test func `a permit that is given back can be taken again`() throws {
        var limits = RateLimits()
        for _ in 0..<20 { try limits.take(.room, for: alice, at: start) }
        limits.giveBack(.room, for: alice)
        try limits.take(.room, for: alice, at: start)
        #expect(refusal { () throws(ChatError) in try limits.take(.room, for: alice, at: start) } != nil)
    }

    @Test func `giving back never makes more than a full bucket`() throws {
        var limits = RateLimits()
        try limits.take(.room, for: alice, at: start)
        for _ in 0..<5 { limits.giveBack(.room, for: alice) }
        for _ in 0..<20 { try limits.take(.room, for: alice, at: start) }
        #expect(refusal { () throws(ChatError) in try limits.take(.room, for: alice, at: start) } != nil)
    }

    @Test func `a clock that is set back refills nothing and locks nobody out`() throws {
        var limits = RateLimits()
        for _ in 0..<20 { try limits.take(.room, for: alice, at: start) }
        let earlier = Timestamp(milliseconds: 0)
        #expect(refusal { () throws(ChatError) in try limits.take(.room, for: alice, at: earlier) } != nil)
        try limits.take(.room, for: alice, at: earlier + .seconds(4))
    }

    @Test func `ten thousand users pass through without being remembered for ever`() throws {
        var limits = RateLimits()
        for number in 0..<10_000 {
            let moment = start + .milliseconds(Int64(number) * 100)
            try limits.take(.message, for: UserID(Int64(number)), at: moment)
        }
        // A full bucket again for everybody who was let through before.
        for _ in 0..<50 { try limits.take(.message, for: UserID(1), at: start + .seconds(2_000)) }
    }
}
