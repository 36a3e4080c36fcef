import ChatTestKit
import Testing

@testable import ChatCore

/// When what lasts for a time ends, however long somebody asks for.
@Suite struct LifetimeTests {
    private let now = TestClock().now

    @Test func `what has no end has none, and the longest life is a hundred years`() throws {
        #expect(try now.end(ofLife: nil, of: "token") == nil)
        #expect(try now.end(ofLife: .zero, of: "token") == now)
        #expect(try now.end(ofLife: Limits.longestLife, of: "token") == now + Limits.longestLife)
    }

    @Test(arguments: [
        Duration.milliseconds(-1), Limits.longestLife + .milliseconds(1), .milliseconds(Int64.max),
        .milliseconds(Int64.min),
    ])
    func `a life that no moment can end is refused`(life: Duration) async {
        await expect(.invalidInput) { _ = try now.end(ofLife: life, of: "token") }
    }
}
