import Testing

@testable import ChatSQL

@Suite struct FoldedTextTests {
    @Test(arguments: [
        ("Hello, World", "hello, world"), ("ÄÖÜ", "äöü"), ("A\u{308}", "ä"), ("ä", "a\u{308}"), ("STRASSE", "straße"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("ЖЁ", "жё"), ("e\u{301}\u{323}", "e\u{323}\u{301}"), ("ﬁ", "FI"),
        ("한", "\u{1112}\u{1161}\u{11ab}"),
        ("\u{212B}", "å"), ("😀 A", "😀 a"), ("", ""),
    ])
    func `texts that differ in case or composition only are the same`(one: String, other: String) {
        #expect(FoldedText(one) == FoldedText(other))
    }

    @Test(arguments: [("a", "ä"), ("i", "l"), ("日", "月"), ("ß", "s"), ("a b", "ab"), ("\u{131}", "i")])
    func `other texts stay different`(one: String, other: String) {
        #expect(FoldedText(one) != FoldedText(other))
    }

    @Test func `each fast path gives what the full mapping gives`() {
        for value in 1..<0x530 as Range<UInt32> {
            guard let scalar = Unicode.Scalar(value) else { continue }
            // The last character has no entry in the table, so the whole text takes the slow path.
            let slow = FoldedText(String(Character(scalar)) + "\u{1E9E}").bytes
            #expect(Array(FoldedText(String(Character(scalar))).bytes) + Array("ss".utf8) == slow, "U+\(value)")
        }
    }
}
