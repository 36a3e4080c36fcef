import ChatCore
import Testing

@testable import ChatServer

/// What the server's log says, and how often.
@Suite struct ServerLogTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    // MARK: Lines

    @Test func `an outage and its end are lines of their own`() throws {
        let failed = try #require(LogLine(.failed(.redis, reason: "redis: connection refused")))
        #expect(failed.level == .error)
        #expect(failed.text == "redis: unavailable: redis: connection refused")
        let recovered = try #require(LogLine(.recovered(.database, after: .milliseconds(2_500))))
        #expect(recovered.level == .notice)
        #expect(recovered.text == "database: in use again after 2500 ms")
    }

    @Test func `a failed log-in names who and from where`() throws {
        let line = try #require(LogLine(.loginFailed(name: "mallory", address: "10.0.0.7")))
        #expect(line.text == "log-in failed: user mallory from 10.0.0.7")
        #expect(line.level == .warning)
    }

    @Test func `failed log-ins of many names from one address are of one kind`() throws {
        let lines = ["a", "b"].compactMap { LogLine(.loginFailed(name: $0, address: "10.0.0.7")) }
        #expect(Set(lines.map(\.kind)).count == 1)
        #expect(LogLine(.loginFailed(name: "a", address: "10.0.0.8"))?.kind != lines[0].kind)
    }

    @Test func `clients that are too slow and limits that are reached are lines`() {
        #expect(
            LogLine(.droppedAsTooSlow(Username(stored: "bob"), address: "::1"))?.text
                == "connection dropped: bob from ::1 too slow, its messages filled the buffer")
        #expect(LogLine(.limited(.room, user: UserID(7)))?.text == "rate limit reached: room of user number 7")
        #expect(
            LogLine(.tooManyConnections(Username(stored: "bob")))?.text == "connection refused: bob holds 64 already")
    }

    @Test func `what happens all the time is no line`() {
        #expect(LogLine(.committed(messages: 1, took: .zero, waiting: 0)) == nil)
        #expect(LogLine(.delivered(HubCounts())) == nil)
        #expect(LogLine(.joined(RoomName(stored: "general"))) == nil)
        #expect(LogLine(.refused(.notAMember)) == nil)
    }

    // MARK: Throttle

    @Test func `the first line of a kind passes, those of the next minute are counted`() {
        var throttle = LogThrottle()
        #expect(throttle.pass("a", at: start) == 0)
        for second in 1..<60 { #expect(throttle.pass("a", at: start + .seconds(second)) == nil) }
        #expect(throttle.pass("a", at: start + .seconds(60)) == 59)
        #expect(throttle.pass("a", at: start + .seconds(61)) == nil)
        #expect(throttle.pass("a", at: start + .seconds(200)) == 1)
    }

    @Test func `every outage is told, though it follows another within the minute`() throws {
        let failed = try #require(LogLine(.failed(.database, reason: "gone")))
        let recovered = try #require(LogLine(.recovered(.database, after: .seconds(1))))
        var throttle = LogThrottle()
        for second in 0..<8 {
            let moment = start + .seconds(second)
            #expect(throttle.pass(failed.kind, at: moment, allowing: failed.perMinute) == 0)
            #expect(throttle.pass(recovered.kind, at: moment, allowing: recovered.perMinute) == 0)
        }
    }

    @Test func `a part that fails all the time is told twenty times a minute at most`() {
        var throttle = LogThrottle()
        let shown = (0..<59).filter { throttle.pass("a", at: start + .seconds($0), allowing: 20) != nil }
        #expect(shown.count == 20)
        #expect(throttle.pass("a", at: start + .seconds(60), allowing: 20) == 39)
    }

    @Test func `kinds do not hold each other back`() {
        var throttle = LogThrottle()
        #expect(throttle.pass("a", at: start) == 0)
        #expect(throttle.pass("b", at: start) == 0)
    }

    @Test func `a flood of kinds is bounded and shares one line`() {
        var throttle = LogThrottle()
        var shown = 0
        for number in 0..<5_000 where throttle.pass("kind \(number)", at: start) != nil { shown += 1 }
        #expect(shown == 1_001)
        // Kinds that are old make room.
        #expect(throttle.pass("fresh", at: start + .seconds(120)) == 0)
    }

    @Test func `a clock that is set back silences nothing`() {
        var throttle = LogThrottle()
        _ = throttle.pass("a", at: start)
        #expect(throttle.pass("a", at: start - .seconds(1_000)) == 0)
    }
}
