import Testing

@testable import ChatPages

/// Text of others in HTML.
@Suite struct HTMLTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("<b>", "&lt;b&gt;"), ("a & b", "a &amp; b"), ("\"'", "&quot;&#39;"), ("", ""),
        ("\0", "\u{fffd}"), ("é<ü", "é&lt;ü"), ("&amp;", "&amp;amp;"),
    ])
    func `what means something in HTML is escaped`(text: String, escaped: String) {
        #expect(HTMLText.escaped(text) == escaped)
    }

    // As characters these are not '<' and '"'.
    @Test(arguments: ["\u{600}<img src=x>", "\"\u{301} autofocus x=", "<\u{338}", "'\u{200d}", "\r\n<"])
    func `no combination of characters hides one that must be escaped`(text: String) throws {
        let shown = try Templates().render("error", ["heading": .text(text), "message": .text(text)])
        let escaped = HTMLText.escaped(text)
        #expect(!escaped.utf8.contains { [UInt8(ascii: "<"), UInt8(ascii: "\""), UInt8(ascii: "'")].contains($0) })
        #expect(shown.contains("<h1>\(escaped)</h1>"))
    }
}
