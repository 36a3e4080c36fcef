import Testing

@testable import ChatCommands

@Suite struct NearestTests {
    private let words = ["send", "serve", "tail", "message", "migrate", "presence"]

    @Test(arguments: [
        ("sned", "send"), ("SEND", "send"), ("tial", "tail"), ("mesage", "message"), ("presense", "presence"),
        ("mig", "migrate"), ("tailf", "tail"),
    ])
    func `a slip finds the word that was meant`(typed: String, expected: String) {
        #expect(Nearest.word(to: typed, among: words) == expected)
    }

    @Test(arguments: ["xyzzy", "quit", "zz"])
    func `what is far from every word is no guess`(typed: String) {
        #expect(Nearest.word(to: typed, among: words) == nil)
    }

    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "ab", 2), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abcd", 1),
        ("kitten", "sitting", 3), ("ca", "abc", 3),
    ])
    func `edits are counted one by one`(typed: String, word: String, expected: Int) {
        #expect(Nearest.edits(from: typed, to: word) == expected)
        #expect(Nearest.edits(from: word, to: typed) == expected)
        #expect(Nearest.edits(from: typed, to: word, atMost: expected) == expected)
        if expected > 0 { #expect(Nearest.edits(from: typed, to: word, atMost: expected - 1) == nil) }
    }

    @Test func `what is longer than any name is not compared`() {
        #expect(Nearest.word(to: String(repeating: "a", count: 100_000), among: words) == nil)
    }
}
