import ChatTestKit
import Testing

@testable import ChatWire

@Suite struct MaskTests {
    private static func applied(_ key: UInt32, to bytes: [UInt8], from start: Int = 0) -> [UInt8] {
        var bytes = bytes
        bytes.withUnsafeMutableBytes { Mask.apply(key, to: UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
        return bytes
    }

    @Test func `the first byte of the key meets the first byte of the payload`() {
        #expect(
            Self.applied(0x0102_0304, to: [UInt8](repeating: 0, count: 10)) == [1, 2, 3, 4, 1, 2, 3, 4, 1, 2])
    }

    @Test(arguments: 0..<200) func `applied twice it undoes itself, wherever the payload begins`(seed: Int) {
        var random = Seeded(seed)
        let bytes = (0..<Int.random(in: 0...50, using: &random)).map { _ in
            UInt8.random(in: .min ... .max, using: &random)
        }
        let key = UInt32.random(in: .min ... .max, using: &random)
        let start = Int.random(in: 0...bytes.count, using: &random)
        let once = Self.applied(key, to: bytes, from: start)
        #expect(once.prefix(start) == bytes.prefix(start))
        #expect(Self.applied(key, to: once, from: start) == bytes)
        let keyBytes = (0..<4).map { UInt8(truncatingIfNeeded: key >> (24 - 8 * $0)) }
        #expect(
            Array(once[start...]) == bytes[start...].enumerated().map { $0.element ^ keyBytes[$0.offset % 4] })
    }

    @Test func `a key of zeros changes nothing`() {
        #expect(Self.applied(0, to: Array("Hello, world".utf8)) == Array("Hello, world".utf8))
    }
}
