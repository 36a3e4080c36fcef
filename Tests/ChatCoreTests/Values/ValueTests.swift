import Testing

@testable import ChatCore

@Suite struct ValueTests {
    @Test func `a name is folded to lower case`() throws {
        #expect(try Username("Alice.B-1").text == "alice.b-1")
        #expect(try RoomName("General").text == "general")
    }

    @Test(arguments: ["", "-a", ".a", "a b", "ä", "a/b", String(repeating: "a", count: 33), "a\u{0}", "\u{212a}"])
    func `what is no username is refused`(text: String) {
        #expect(throws: ChatError.self) { try Username(text) }
    }

    @Test func `a room's name may have 128 characters and no more`() throws {
        #expect(try RoomName(String(repeating: "a", count: 128)).text.count == 128)
        #expect(throws: ChatError.self) { try RoomName(String(repeating: "a", count: 129)) }
    }

    @Test(arguments: ["", " ", "\n\t ", "\u{2003}\u{a0}", "a\u{0}b", String(repeating: "x", count: 16_385)])
    func `what is no body is refused with the body's code`(text: String) {
        #expect { try MessageBody(text) } throws: { ($0 as? ChatError)?.code == .invalidBody }
    }

    @Test func `the longest body counts bytes`() throws {
        #expect(try MessageBody(String(repeating: "é", count: 8_192)).text.utf8.count == 16_384)
        #expect(throws: ChatError.self) { try MessageBody(String(repeating: "é", count: 8_193)) }
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_795_368_416_682, "2026-11-22T17:26:56.682Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
    ])
    func `a moment is written and read back`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test func `zones and fractions are understood`() {
        #expect(Timestamp(rfc3339: "2026-11-23T18:26:56.6829+01:00")?.rfc3339 == "2026-11-23T17:26:56.682Z")
        #expect(Timestamp(rfc3339: "2026-11-23")?.rfc3339 == "2026-11-23T00:00:00.000Z")
    }

    @Test(arguments: ["2026-02-29", "2026-13-01", "yesterday", "2026-11-23T25:00:00Z", "2026-11-23T10:00:00", "10m"])
    func `what is no moment is refused`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test(arguments: [
        ("500ms", 500), ("10s", 10_000), ("5m", 300_000), ("1h", 3_600_000), ("30d", 2_592_000_000),
        ("2w", 1_209_600_000),
        ("1h30m", 5_400_000), ("1m1s1ms", 61_001), ("0s", 0),
    ])
    func `a duration is read`(text: String, milliseconds: Int64) {
        #expect(Duration(chatText: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "5", "s", "-5s", "+5s", "1.5h", "5 m", "99999999999999999999d", "5y", "30m1h", "1h1h", "1h30", "3654d",
        "1d99999999999999h", "m5", "٣s",
    ])
    func `what is no duration is refused`(text: String) {
        #expect(Duration(chatText: text) == nil)
    }
}

@Suite struct PolicyTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    @Test func `a burst passes, then the rate holds, and the wait is told`() throws {
        var limit = RateLimit(perSecond: 20, burst: 50, at: start)
        for _ in 0..<50 { #expect(limit.take(at: start) == nil) }
        #expect(limit.take(at: start) == .milliseconds(50))
        #expect(limit.take(at: start + .milliseconds(50)) == nil)
    }

    @Test func `the clock going back gives nothing away`() {
        var limit = RateLimit(perSecond: 20, burst: 1, at: start)
        #expect(limit.take(at: start) == nil)
        #expect(limit.take(at: start - .seconds(60)) != nil)
    }

    @Test func `two tabs are one seat, and closing one keeps it`() {
        var ledger = PresenceLedger()
        let seat = Seat(room: RoomID(1), user: UserID(1))
        ledger.enter(seat)
        ledger.enter(seat)
        #expect(ledger.takeChanges(atMost: 10) == [SeatCount(seat: seat, connections: 2)])
        ledger.leave(seat)
        #expect(ledger.takeChanges(atMost: 10) == [SeatCount(seat: seat, connections: 1)])
        ledger.leave(seat)
        #expect(ledger.takeChanges(atMost: 10) == [SeatCount(seat: seat, connections: 0)])
        ledger.leave(seat)
        #expect(ledger.isSettled)
    }

    @Test func `moderators act on members, owners on moderators, nobody on equals`() throws {
        func access(_ role: MemberRole?) -> RoomAccess {
            RoomAccess(
                room: RoomReference(id: RoomID(1), name: RoomName(stored: "dev")), kind: .public, isArchived: false,
                lastSeq: 0, role: role, isBanned: false, isMuted: false, isSiteAdmin: false)
        }
        try access(.moderator).requireModerating(.member, for: "kick")
        try access(.moderator).requireModerating(nil, for: "kick")
        try access(.owner).requireModerating(.moderator, for: "kick")
        #expect(throws: ChatError.self) { try access(.moderator).requireModerating(.moderator, for: "kick") }
        #expect(throws: ChatError.self) { try access(.member).requireModerating(.member, for: "kick") }
        #expect(throws: ChatError.self) { try access(nil).requireModerating(nil, for: "kick") }
    }
}
