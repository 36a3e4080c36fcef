import Testing

@testable import ChatBench

@Suite struct LoadPlanTests {
    private static func settings(_ change: (inout LoadPlan) -> Void) -> [String] {
        var plan = LoadPlan()
        change(&plan)
        return plan.settings.map { "\($0.name) \($0.value)" }
    }

    @Test func `a closed loop is told by its window, an open one by its rate`() {
        #expect(
            Self.settings { ($0.clients, $0.window) = (5, 32) } == [
                "clients 5", "publishers 1", "window 32", "payload 128 bytes", "duration 10 s",
            ])
        let open = Self.settings { ($0.rate, $0.duration) = (12.5, .milliseconds(1_500)) }
        #expect(open == ["clients 100", "publishers 1", "rate 12.5 per second", "payload 128 bytes", "duration 1.5 s"])
    }

    @Test func `a timeline has about 120 intervals, none under a tenth of a second`() {
        var plan = LoadPlan()
        plan.duration = .seconds(60)
        #expect(plan.intervalWidth == 500_000_000)
        plan.duration = .milliseconds(300)
        #expect(plan.intervalWidth == 100_000_000)
    }

    @Test func `a duration has whole nanoseconds and no negative ones`() {
        #expect(Duration.milliseconds(1_500).wholeNanoseconds == 1_500_000_000)
        #expect(Duration.zero.wholeNanoseconds == 0 && Duration.seconds(-1).wholeNanoseconds == 0)
    }
}
