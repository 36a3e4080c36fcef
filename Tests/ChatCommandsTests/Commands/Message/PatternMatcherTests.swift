import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct PatternMatcherTests {
    private func matcher(_ text: String) throws -> PatternMatcher {
        PatternMatcher(try Pattern(text, option: "--match"))
    }

    @Test func `a pattern is found anywhere, one text after the other`() async throws {
        let matcher = try matcher("d.ploy")
        #expect(try await matcher.matches("we deploy now"))
        #expect(try await !matcher.matches("we wait"))
        #expect(try await matcher.matches("deploy"))
    }

    @Test func `whoever waits for a match without end can stop waiting`() async throws {
        let matcher = try matcher("(a+)+$")
        let waiting = Task { try await matcher.matches(String(repeating: "a", count: 24) + "!") }
        waiting.cancel()
        await expect(.interrupted) { _ = try await waiting.value }
    }
}
