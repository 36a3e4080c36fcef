import Testing

@testable import ChatSQL

@Suite struct RandomTextTests {
    @Test(arguments: [0, 1, 8, 16]) func `a text has two hexadecimal digits for each byte`(bytes: Int) {
        let text = RandomText.hex(bytes: bytes)
        #expect(text.utf8.count == 2 * bytes)
        #expect(text.allSatisfy { "0123456789abcdef".contains($0) })
    }

    @Test func `all digits occur and no text comes twice`() {
        let texts = (0..<200).map { _ in RandomText.hex(bytes: 8) }
        #expect(Set(texts).count == 200)
        #expect(Set(texts.joined()).count == 16)
    }
}
