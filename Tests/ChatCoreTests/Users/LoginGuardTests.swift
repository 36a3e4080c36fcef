import ChatCore
import Testing

/// How failed log-ins are counted, by name and by address.
@Suite struct LoginGuardTests {
    private let start = Timestamp(milliseconds: 1_000_000)
    private let keys = ["name:alice", "address:10.0.0.7"]

    private func failed(_ times: Int, _ keys: [String], at moment: Timestamp) throws -> LoginGuard {
        var logins = LoginGuard()
        for _ in 0..<times { try logins.begin(keys, at: moment) }
        return logins
    }

    @Test func `nine failures are let through, ten are not`() throws {
        var logins = try failed(9, keys, at: start)
        try logins.begin(keys, at: start)
        #expect(throws: ChatError.self) { try logins.begin(keys, at: start) }
    }

    @Test func `an attempt that succeeded or was not judged counts no more`() throws {
        var logins = try failed(9, keys, at: start)
        for second in 0..<30 {
            try logins.begin(keys, at: start + .seconds(second))
            #expect(throws: ChatError.self) { try logins.begin(keys, at: start + .seconds(second)) }
            logins.forget(keys, begunAt: start + .seconds(second))
        }
    }

    @Test func `a name is refused from every address, an address for every name`() throws {
        var logins = try failed(10, keys, at: start)
        #expect(throws: ChatError.self) { try logins.begin(["name:alice", "address:10.0.0.8"], at: start) }
        #expect(throws: ChatError.self) { try logins.begin(["name:bob", "address:10.0.0.7"], at: start) }
        try logins.begin(["name:bob", "address:10.0.0.8"], at: start)
    }

    @Test func `the refusal says how long to wait, and holds until then`() throws {
        var logins = try failed(10, keys, at: start)
        do throws(ChatError) {
            try logins.begin(keys, at: start + .seconds(20))
            Issue.record("let through")
        } catch {
            #expect(error.code == .rateLimited)
            #expect(error.retryAfter == .seconds(40))
        }
        #expect(throws: ChatError.self) { try logins.begin(keys, at: start + .milliseconds(59_999)) }
        try logins.begin(keys, at: start + .seconds(60))
    }

    @Test func `failures that are a minute apart never add up`() throws {
        var logins = LoginGuard()
        for minute in 0..<30 {
            let moment = start + .seconds(minute * 61)
            for _ in 0..<Limits.loginAttempts / 2 { try logins.begin(keys, at: moment) }
        }
    }

    @Test func `a flood of names is forgotten, an address that goes on is not`() throws {
        var logins = LoginGuard()
        for number in 0..<5_000 { try logins.begin(["name:\(number)"], at: start) }
        for _ in 0..<10 { try logins.begin(["address:10.0.0.7"], at: start + .seconds(120)) }
        #expect(throws: ChatError.self) { try logins.begin(["address:10.0.0.7"], at: start + .seconds(121)) }
        try logins.begin(["name:7"], at: start + .seconds(121))
    }
}
