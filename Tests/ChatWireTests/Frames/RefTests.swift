import Testing

@testable import ChatWire

@Suite struct RefTests {
    private func text(_ ref: Ref) -> String { String(decoding: ref.json, as: UTF8.self) }

    @Test(arguments: [(Int64(0), "0"), (-1, "-1"), (.max, "9223372036854775807"), (.min, "-9223372036854775808")])
    func `a number is written in decimal`(number: Int64, json: String) {
        #expect(text(.number(number)) == json)
    }

    @Test(arguments: [("", #""""#), ("a\"b\n", #""a\"b\n""#), ("\u{0}é", #""\u0000é""#)])
    func `a text is written as a JSON string`(content: String, json: String) {
        #expect(text(.text(content)) == json)
    }

    @Test func `a ref is equal to one of the same bytes only`() {
        #expect(Ref.number(1) == Ref(json: "1".utf8))
        #expect(Ref.number(1) != Ref(json: "1.0".utf8))
        #expect(Ref.number(1) != .text("1"))
    }
}
