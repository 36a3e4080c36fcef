import ChatTerminal
import Testing

@Suite struct HarmlessTests {
    @Test(arguments: [
        "plain text", "Grüße, 世界 👋🏽", "שלום", "e\u{301}", "a\u{a0}b", "👨‍👩‍👧", "",
    ])
    func `text stays as it is`(text: String) {
        #expect(Harmless.text(text) == text)
    }

    @Test(arguments: [
        ("\u{1b}]0;owned\u{7}", "\\u{1b}]0;owned\\u{7}"), ("a\nb\tc\r\n", "a\\u{a}b\\u{9}c\\u{d}\\u{a}"),
        ("\u{0}", "\\u{0}"), ("\u{7f}", "\\u{7f}"), ("\u{9b}2J", "\\u{9b}2J"), ("\u{85}", "\\u{85}"),
    ])
    func `controls of C0 and C1 are shown`(text: String, shown: String) {
        #expect(Harmless.text(text) == shown)
    }

    @Test func `within a line no other line can begin`() {
        #expect(Harmless.oneLine("a\nb\r\nc") == "a\\u{a}b\r\\u{a}c")
        #expect(Harmless.oneLine("\u{1b}[1m plain\t") == "\u{1b}[1m plain\t")
    }

    @Test func `in JSON they become its escapes, and nothing else changes`() {
        let text = #"{"body":"ä😀 \#u{9b}31m\#u{202e}\#u{7f}\#u{61c} \\n","n":1}"#
        #expect(
            String(decoding: Harmless.json(Array(text.utf8)), as: UTF8.self)
                == #"{"body":"ä😀 \u009b31m\u202e\u007f\u061c \\n","n":1}"#)
    }

    @Test func `marks that turn the direction or break the line are shown`() {
        let marks: [ClosedRange<UInt32>] = [
            0x61c...0x61c, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff...0xfeff,
        ]
        for value in marks.joined() {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect(Harmless.text("a" + String(scalar) + "b") == "a\\u{" + String(value, radix: 16) + "}b")
        }
    }
}
