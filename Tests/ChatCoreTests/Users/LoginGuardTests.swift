import ChatCore
import Testing

/// How failed log-ins are counted, by name and by address.
@Suite struct LoginGuardTests {
    private let start = Timestamp(milliseconds: 1_000_000)
    private let keys = ["name:alice", "address:10.0.0.7"]

    private func failed(_ times: Int, _ keys: [String], at moment: Timestamp) -> LoginGuard {
        var logins = LoginGuard()
        for _ in 0..<times { logins.failed(keys, at: moment) }
        return logins
    }

    @Test func `nine failures are let through, ten are not`() throws {
        try failed(9, keys, at: start).check(keys, at: start)
        #expect(throws: ChatError.self) { try failed(10, keys, at: start).check(keys, at: start) }
    }

    @Test func `a name is refused from every address, an address for every name`() throws {
        let logins = failed(10, keys, at: start)
        #expect(throws: ChatError.self) { try logins.check(["name:alice", "address:10.0.0.8"], at: start) }
        #expect(throws: ChatError.self) { try logins.check(["name:bob", "address:10.0.0.7"], at: start) }
        try logins.check(["name:bob", "address:10.0.0.8"], at: start)
    }

    @Test func `the refusal says how long to wait, and holds until then`() throws {
        let logins = failed(10, keys, at: start)
        do throws(ChatError) {
            try logins.check(keys, at: start + .seconds(20))
            Issue.record("let through")
        } catch {
            #expect(error.code == .rateLimited)
            #expect(error.retryAfter == .seconds(40))
        }
        #expect(throws: ChatError.self) { try logins.check(keys, at: start + .milliseconds(59_999)) }
        try logins.check(keys, at: start + .seconds(60))
    }

    @Test func `failures that are a minute apart never add up`() throws {
        var logins = LoginGuard()
        for minute in 0..<30 {
            let moment = start + .seconds(minute * 61)
            try logins.check(keys, at: moment)
            logins.failed(keys, at: moment)
        }
    }

    @Test func `a flood of names is forgotten, an address that goes on is not`() throws {
        var logins = LoginGuard()
        for number in 0..<5_000 { logins.failed(["name:\(number)"], at: start) }
        for _ in 0..<10 { logins.failed(["address:10.0.0.7"], at: start + .seconds(120)) }
        #expect(throws: ChatError.self) { try logins.check(["address:10.0.0.7"], at: start + .seconds(121)) }
        try logins.check(["name:7"], at: start + .seconds(121))
    }
}
