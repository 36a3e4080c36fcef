import ChatTestKit
import Testing

@testable import ChatCore

/// When what lasts for a time ends, however long somebody asks for.
@Suite struct LifetimeTests {
    private let now = TestClock().now

    @Test func `what has no end has none, and lives are from a second to ten years`() throws {
        #expect(try now.end(ofLife: nil, of: "token") == nil)
        for life in [Limits.lives.lowerBound, Limits.lives.upperBound] {
            #expect(try now.end(ofLife: life, of: "token") == now + life)
        }
    }

    @Test func `no sum of a moment and a duration traps`() {
        let (last, first) = (Timestamp(milliseconds: .max), Timestamp(milliseconds: .min))
        #expect(last + .seconds(1) == last && first - .seconds(1) == first)
        #expect(last - .seconds(-1) == last && first + .seconds(-1) == first)
        #expect(now + .seconds(Int64.max) == last)
        #expect(Duration.seconds(Int64.max).milliseconds == .max && Duration.seconds(Int64.min).milliseconds == .min)
        #expect(Duration.milliseconds(Int64.max).milliseconds == .max)
    }

    @Test(arguments: [
        Duration.milliseconds(-1), .zero, .milliseconds(999), Limits.lives.upperBound + .milliseconds(1),
        .milliseconds(Int64.max),
        .milliseconds(Int64.min),
    ])
    func `a life that no moment can end is refused`(life: Duration) async {
        await expect(.invalidInput) { _ = try now.end(ofLife: life, of: "token") }
    }
}
