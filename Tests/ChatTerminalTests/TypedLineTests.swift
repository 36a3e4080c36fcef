import Testing

@testable import ChatTerminal

@Suite struct TypedLineTests {
    /// Wide from U+1100 on, and none for combining marks: enough of wcwidth(3) for these tests.
    private func row(_ text: String, _ columns: Int) -> Int {
        TypedLine(text: Array(text.unicodeScalars)).row(columns: columns) { scalar in
            (0x300...0x36f).contains(scalar.value) ? 0 : scalar.value >= 0x1100 ? 2 : 1
        }
    }

    @Test func `a line breaks where the terminal ends`() {
        #expect(row("", 10) == 0 && row("> hello", 10) == 0)
        #expect(row("> 1234567", 10) == 0)
        // After the last column the cursor is on the next row.
        #expect(row("> 12345678", 10) == 1)
        #expect(row(String(repeating: "x", count: 35), 10) == 3)
    }

    @Test func `a wide character does not begin in the last column`() {
        #expect(row("> 日本語", 10) == 0)
        #expect(row("> 123456日", 10) == 1)
        #expect(row("> 1234567日", 10) == 1)
        #expect(row("> 1234567日本", 10) == 1)
    }

    @Test func `combining marks take no column, and controls two`() {
        #expect(row("> e\u{301}e\u{301}e\u{301}", 6) == 0)
        #expect(row("> \u{1}\u{1}", 6) == 1)
        #expect(row("> a\nb", 10) == 1)
    }

    @Test func `a terminal without columns has one row`() { #expect(row("> hello", 0) == 0) }

    @Test func `words have a beginning in common`() {
        #expect(TypedLine.commonPrefix(of: ["/room", "/rooms"]) == "/room")
        #expect(TypedLine.commonPrefix(of: ["é1", "é2"]) == "é")
        #expect(TypedLine.commonPrefix(of: ["a", "b"]) == "" && TypedLine.commonPrefix(of: []) == "")
    }
}
