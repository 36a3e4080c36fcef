import ChatTestKit
import Testing

@testable import ChatWire

@Suite struct UTF8CheckTests {
    @Test(arguments: 0..<500) func `text is judged as the standard library judges it, however it is cut`(seed: Int) {
        var random = Seeded(seed)
        var text = Array(
            String(
                (0..<12).compactMap { _ in
                    "ab\u{7f}\u{80}\u{7ff}\u{800}\u{d7ff}\u{e000}\u{ffff}\u{10000}\u{10ffff}".randomElement(
                        using: &random)
                }
            ).utf8)
        if Bool.random(using: &random) {
            let edges: [UInt8] = [
                0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5,
                0xff,
            ]
            text[Int.random(in: 0..<text.count, using: &random)] = edges.randomElement(using: &random) ?? 0
        }
        let isValid = String(validating: text, as: UTF8.self) != nil
        #expect(UTF8Check.isValid(text) == isValid)
        var check = UTF8Check()
        var accepted = true
        var rest = text[...]
        while !rest.isEmpty, accepted {
            let piece = Array(rest.prefix(Int.random(in: 0...3, using: &random)))
            rest = rest.dropFirst(piece.count)
            accepted = piece.withUnsafeBytes { check.accepts($0) }
        }
        #expect((accepted && check.isAtBoundary) == isValid)
    }

    @Test(
        arguments: [
            [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf],
            [0xf0, 0x8f, 0xbf, 0xbf],
            [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xff], [0x80], [0xc3], [0xe2, 0x82],
            [0xf0, 0x9f, 0x98],
        ] as [[UInt8]])
    func `overlong forms, surrogates and stumps are refused`(text: [UInt8]) {
        #expect(!UTF8Check.isValid(text))
        #expect(!UTF8Check.isValid(Array("abcdefghijk".utf8) + text))
    }
}
