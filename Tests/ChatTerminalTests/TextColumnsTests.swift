import ChatTerminal
import Testing

@Suite struct TextColumnsTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한글", 4), ("ＡＢ", 4), ("😀", 2), ("❤️", 2), ("❤", 1),
        ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("…", 1), ("a\u{200b}b", 2), ("שלום", 4),
    ])
    func `a terminal gives text so many columns`(text: String, columns: Int) {
        #expect(TextColumns.count(text) == columns)
    }

    @Test(arguments: [
        ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本語", 6, "日本語"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("ab", 1, "…"),
        ("ab", 0, ""),
    ])
    func `text is cut between characters and never too long`(text: String, limit: Int, expected: String) {
        #expect(TextColumns.cut(text, to: limit) == expected)
        #expect(TextColumns.count(TextColumns.cut(text, to: limit)) <= limit)
    }
}
