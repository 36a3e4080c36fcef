import Testing

@testable import ChatWire

@Suite struct SHA1Tests {
    private static func hex(_ text: String) -> String {
        SHA1.digest(Array(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test func `the vectors of RFC 3174 section 7.3 come out`() {
        #expect(Self.hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(
            Self.hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
        #expect(
            Self.hex(String(repeating: "01234567", count: 80)) == "dea356a2cddd90c7a7ecedc5ebb563934f460452")
        #expect(Self.hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    }

    @Test func `padding fits at every length of the last block`() {
        #expect(Self.hex(String(repeating: "a", count: 55)) == "c1c8bbdc22796e28c0e15163d20899b65621d65a")
        #expect(Self.hex(String(repeating: "a", count: 56)) == "c2db330f6083854c99d4b5bfb6e8f29f201be699")
        #expect(Self.hex(String(repeating: "a", count: 63)) == "03f09f5b158a7a8cdad920bddc29b81c18a551f5")
        #expect(Self.hex(String(repeating: "a", count: 64)) == "0098ba824b5c16427bd7a1122a5a442a25ec644d")
    }
}
