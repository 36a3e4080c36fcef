import ChatCore
import ChatTestKit
import Testing

@testable import ChatPostgreSQL
@testable import ChatSQL

@Suite struct ServerClockTests {
    private let local = TestClock()
    private let clock: ServerClock

    init() {
        clock = ServerClock(local.wall)
    }

    private func set(ahead: Duration, delay: Duration = .zero) {
        clock.set(to: local.now + ahead, asked: local.now - delay, answered: local.now + delay)
    }

    @Test func `before it is set it is the local clock`() {
        #expect(clock.wall.now() == local.now)
    }

    @Test(arguments: [3_600_000, -3_600_000, 21, -21]) func `it takes over the server's time`(milliseconds: Int) {
        set(ahead: .milliseconds(milliseconds))
        #expect(clock.wall.now() == local.now + .milliseconds(milliseconds))
    }

    @Test func `it goes on with the local clock`() {
        set(ahead: .seconds(60))
        let before = clock.wall.now()
        local.advance(by: .seconds(5))
        #expect(clock.wall.now() == before + .seconds(5))
    }

    @Test(arguments: [20, -20, 0]) func `a difference that may be delay moves nothing`(milliseconds: Int) {
        set(ahead: .milliseconds(milliseconds))
        #expect(clock.wall.now() == local.now)
        set(ahead: .seconds(60))
        set(ahead: .seconds(60) + .milliseconds(milliseconds))
        #expect(clock.wall.now() == local.now + .seconds(60))
    }

    @Test func `the server told its time in the middle between question and answer`() {
        clock.set(to: local.now + .seconds(10), asked: local.now, answered: local.now + .seconds(2))
        #expect(clock.wall.now() == local.now + .seconds(9))
    }

    @Test func `a server whose clock is set back takes the nodes along`() {
        set(ahead: .seconds(60))
        set(ahead: .seconds(-60))
        #expect(clock.wall.now() == local.now - .seconds(60))
    }

    @Test func `the SQL expression gives the server's milliseconds`() async throws {
        let database = try await PostgreSQLPlace.fresh().open()
        let times = try await database.store.driver.read { session throws(ChatError) in
            try session.query("SELECT \(ServerClock.now), CAST(EXTRACT(EPOCH FROM now()) AS BIGINT)", []).first
        }
        let row = try #require(times)
        #expect(abs(try row.integer(0) / 1_000 - row.integer(1)) <= 2)
        await database.close()
    }
}
