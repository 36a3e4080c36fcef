import ChatTestKit
import Testing

@testable import ChatSQL

@Suite struct SearchPatternTests {
    @Test(arguments: ["a", "ab", "aab", "abab", "abaabab", "aaaaaaab", "z"])
    func `a pattern occurs where the standard library finds it`(pattern: String) {
        var random = Seeded(7)
        for _ in 0..<300 {
            let text = String(
                (0..<Int.random(in: 0...24, using: &random)).map { _ in "ab".randomElement(using: &random) ?? "a" })
            #expect(SearchPattern(pattern).occurs(in: FoldedText(text)) == text.contains(pattern), "\(text)")
        }
    }

    @Test func `case and composition make no difference`() {
        #expect(SearchPattern("GRÖSSE").occurs(in: FoldedText("die gro\u{308}ße")))
        #expect(!SearchPattern("x").occurs(in: FoldedText("")))
    }
}
