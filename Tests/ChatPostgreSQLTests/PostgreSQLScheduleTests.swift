import ChatCore
import Testing

@testable import ChatPostgreSQL

@Suite struct PostgreSQLScheduleTests {
    private typealias Schedule = PostgreSQLSchedule<Int, String>

    private static func full() -> Schedule { Schedule(Array(0..<Limits.databaseConnections)) }

    private static func lane(_ decision: Schedule.Decision) -> Int? {
        if case .run(let lane) = decision { lane } else { nil }
    }

    private static func isWaiting(_ decision: Schedule.Decision) -> Bool {
        if case .wait = decision { true } else { false }
    }

    private static func isRefused(_ decision: Schedule.Decision) -> Bool {
        if case .refuse = decision { true } else { false }
    }

    @Test func `writers may have all lanes, each one once`() {
        var schedule = Self.full()
        let lanes = (0..<Limits.databaseConnections).compactMap { Self.lane(schedule.admit("w\($0)", .writing)) }
        #expect(Set(lanes) == Set(0..<Limits.databaseConnections))
        #expect(Self.isWaiting(schedule.admit("late", .writing)) && schedule.idleLanes.isEmpty)
    }

    @Test func `readers leave lanes to writers`() {
        var schedule = Self.full()
        for number in 0..<Limits.databaseReaders { #expect(Self.lane(schedule.admit("r\(number)", .reading)) != nil) }
        #expect(Self.isWaiting(schedule.admit("late", .reading)))
        #expect(schedule.idleLanes.count == Limits.databaseConnections - Limits.databaseReaders)
        #expect(Self.lane(schedule.admit("w", .writing)) != nil)
    }

    @Test func `who waits is served in turn, writers first`() {
        var schedule = Schedule([0])
        #expect(Self.lane(schedule.admit("first", .writing)) == 0)
        for (job, purpose) in [("r1", .reading), ("w1", .writing), ("r2", .reading), ("w2", .writing)]
            as [(String, Schedule.Purpose)]
        { #expect(Self.isWaiting(schedule.admit(job, purpose))) }
        #expect(schedule.next(on: 0, after: .writing) == "w1")
        #expect(schedule.next(on: 0, after: .writing) == "w2")
        #expect(schedule.next(on: 0, after: .writing) == "r1")
        #expect(schedule.next(on: 0, after: .reading) == "r2")
        #expect(schedule.next(on: 0, after: .reading) == nil)
        #expect(schedule.idleLanes == [0])
    }

    @Test func `a lane that a writer leaves stays free while readers are at their limit`() {
        var schedule = Self.full()
        let reader = (0..<Limits.databaseReaders).map { _ in Self.lane(schedule.admit("r", .reading)) }[0] ?? -1
        let writer = Self.lane(schedule.admit("w", .writing)) ?? -1
        #expect(Self.isWaiting(schedule.admit("late", .reading)))
        #expect(schedule.next(on: writer, after: .writing) == nil)
        #expect(schedule.idleLanes.contains(writer))
        #expect(schedule.next(on: reader, after: .reading) == "late")
    }

    @Test func `a full queue refuses, and takes again when something is done`() {
        var schedule = Schedule([0])
        _ = schedule.admit("first", .writing)
        for _ in 0..<Limits.databaseQueue { #expect(Self.isWaiting(schedule.admit("w", .writing))) }
        #expect(Self.isRefused(schedule.admit("late", .reading)) && Self.isRefused(schedule.admit("late", .writing)))
        #expect(schedule.next(on: 0, after: .writing) == "w")
        #expect(Self.isWaiting(schedule.admit("late", .reading)))
    }
}
