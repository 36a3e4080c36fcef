import ChatCore
import Testing

/// How many connections a user may hold.
@Suite struct ConnectionCountsTests {
    private func user(_ number: Int64, role: SiteRole = .user) -> User {
        User(
            id: UserID(number), username: Username(stored: "user-\(number)"), displayName: "", bio: "", role: role,
            disabledAt: nil, createdAt: Timestamp(milliseconds: 0))
    }

    @Test func `the 65th connection is refused until one has gone`() throws {
        var counts = ConnectionCounts()
        for _ in 0..<64 { try counts.open(by: user(1)) }
        #expect(throws: ChatError.self) { try counts.open(by: user(1)) }
        #expect(counts.total == 64)
        counts.close(of: UserID(1))
        try counts.open(by: user(1))
    }

    @Test func `administrators and other users are not held back`() throws {
        var counts = ConnectionCounts()
        for _ in 0..<64 { try counts.open(by: user(1)) }
        for _ in 0..<100 { try counts.open(by: user(2, role: .admin)) }
        try counts.open(by: user(3))
        #expect(counts.total == 165)
    }

    @Test func `closing what was never opened changes nothing`() throws {
        var counts = ConnectionCounts()
        counts.close(of: UserID(1))
        #expect(counts.total == 0)
        try counts.open(by: user(1))
        #expect(counts.total == 1)
    }
}
