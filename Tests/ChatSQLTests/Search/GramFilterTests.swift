import ChatTestKit
import Testing

@testable import ChatSQL

@Suite struct GramFilterTests {
    private func has(_ filter: GramFilter, _ bits: [UInt32]) -> Bool {
        let mask = UInt32(filter.bytes.count * 8 - 1)
        return bits.allSatisfy { filter.bytes[Int(($0 & mask) >> 3)] & (1 << UInt8($0 & 7)) != 0 }
    }

    private func text(_ length: Int, _ random: inout Seeded) -> String {
        String((0..<length).map { _ in "abcdefghijklmnopqrstuvwxyz ä".randomElement(using: &random) ?? "a" })
    }

    @Test func `whatever was added is found, whole and in part`() {
        var random = Seeded(3)
        let texts = (0..<50).map { _ in text(60, &random) }
        var filter = GramFilter(bytesOfText: 3_000)
        for text in texts { filter.add(FoldedText(text)) }
        for text in texts {
            for part in [text, String(text.prefix(5)), String(text.suffix(9)), text.uppercased()] {
                #expect(has(filter, GramFilter.bits(of: FoldedText(part))))
            }
        }
    }

    @Test func `few of the patterns that are not there pass`() {
        var random = Seeded(5)
        var filter = GramFilter(bytesOfText: 5_000)
        for _ in 0..<100 { filter.add(FoldedText(text(50, &random))) }
        let passed = (0..<1_000).count { _ in has(filter, GramFilter.bits(of: FoldedText(text(8, &random) + "0123"))) }
        #expect(passed < 20)
    }

    @Test func `a pattern of one or two bytes says nothing, and a long one not too much`() {
        #expect(GramFilter.bits(of: FoldedText("ab")).isEmpty)
        #expect(GramFilter.bits(of: FoldedText("abc")).count == 2)
        #expect(GramFilter.bits(of: FoldedText(String(repeating: "abcdefgh", count: 30))).count == 32)
    }

    @Test func `sizes are powers of two within bounds`() {
        #expect(GramFilter(bytesOfText: 0).bytes.count == 128)
        #expect(GramFilter(bytesOfText: 5_000).bytes.count == 8_192)
        #expect(GramFilter(bytesOfText: .max).bytes.count == GramFilter.bytesAtMost)
        #expect(
            GramFilter(bytes: []) == nil && GramFilter(bytes: [0, 0, 0]) == nil && GramFilter(bytes: [0, 1]) != nil)
    }
}
