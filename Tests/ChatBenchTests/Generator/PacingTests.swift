import Testing

@testable import ChatBench

@Suite struct SendScheduleTests {
    private static let second: UInt64 = 1_000_000_000

    private static func schedule(rate: Double, seconds: UInt64 = 1, count: Int? = nil) -> SendSchedule {
        SendSchedule(from: 5 * second, to: (5 + seconds) * second, rate: rate, count: count)
    }

    /// All messages that are due at a time.
    private static func take(_ schedule: inout SendSchedule, at now: UInt64) -> [(number: Int, time: UInt64)] {
        var taken: [(number: Int, time: UInt64)] = []
        while let due = schedule.takeDue(at: now) { taken.append(due) }
        return taken
    }

    @Test func `messages are due at equal distances from the start on`() {
        var schedule = Self.schedule(rate: 4)
        #expect(schedule.takeDue(at: 5 * Self.second - 1) == nil)
        let taken = Self.take(&schedule, at: 6 * Self.second)
        #expect(taken.map(\.number) == [0, 1, 2, 3])
        #expect(taken.map(\.time) == [0, 1, 2, 3].map { 5 * Self.second + $0 * Self.second / 4 })
        #expect(schedule.next == nil)
    }

    @Test func `what a stall held up keeps its scheduled time`() {
        var schedule = Self.schedule(rate: 10)
        #expect(Self.take(&schedule, at: 5 * Self.second).count == 1)
        let late = Self.take(&schedule, at: 5 * Self.second + 450_000_000)
        #expect(late.map(\.time) == [100, 200, 300, 400].map { 5 * Self.second + $0 * 1_000_000 })
    }

    @Test(arguments: [0.3, 1, 7, 333.333, 1_000])
    func `over the whole time there are rate times seconds messages, without drift`(rate: Double) {
        var schedule = Self.schedule(rate: rate, seconds: 30)
        #expect(Self.take(&schedule, at: .max).count == Int((rate * 30).rounded(.up)))
    }

    @Test func `a count ends the schedule earlier`() {
        var schedule = Self.schedule(rate: 100, count: 3)
        #expect(Self.take(&schedule, at: .max).count == 3)
        #expect(schedule.next == nil && schedule.taken == 3)
    }

    @Test func `waiting ends a millisecond before the next message, and at the limit`() {
        var schedule = Self.schedule(rate: 10)
        _ = schedule.takeDue(at: 5 * Self.second)
        #expect(schedule.wait(at: 5 * Self.second, limit: 50) == 50)
        #expect(schedule.wait(at: 5 * Self.second + 90_500_000, limit: 50) == 9)
        #expect(schedule.wait(at: 5 * Self.second + 99_500_000, limit: 50) == 0)
        #expect(schedule.wait(at: 6 * Self.second, limit: 50) == 0)
    }

    @Test func `a schedule that has ended does not wait`() {
        #expect(Self.schedule(rate: 10, count: 0).wait(at: 0, limit: 50) == 0)
    }
}

@Suite struct StallTimerTests {
    /// What a timer with a limit of 10 answers to readings of its counter, begun at 7 and at time 100.
    private static func answers(_ readings: [(count: Int, at: UInt64)]) -> [Bool] {
        var timer = StallTimer(limit: 10, at: 100, count: 7)
        return readings.map { timer.isStalled($0.count, at: $0.at) }
    }

    @Test func `a counter that moves does not stall`() {
        let readings = (8...30).map { (count: $0, at: 100 + UInt64($0 - 7) * 10) }
        #expect(!Self.answers(readings).contains(true))
    }

    @Test func `a counter that stands still for longer than the limit has stalled`() {
        #expect(Self.answers([(7, 110), (7, 111)]) == [false, true])
    }

    @Test func `a change starts the time again, downwards too`() {
        #expect(Self.answers([(6, 150), (6, 160), (6, 161)]) == [false, false, true])
    }
}
