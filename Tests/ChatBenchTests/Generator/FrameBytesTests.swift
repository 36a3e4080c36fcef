import Testing

@testable import ChatBench

@Suite struct FrameBytesTests {
    /// Frames as a server sends them, without a mask.
    private static func served(_ payload: [UInt8], opcode: UInt8 = 1) -> [UInt8] {
        let head: [UInt8] =
            switch payload.count {
            case ..<126: [UInt8(payload.count)]
            case ..<65_536: [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
            default: [127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
            }
        return [0x80 | opcode] + head + payload
    }

    private static func scan(_ bytes: [UInt8]) -> (frames: [(UInt8, [UInt8])], used: Int) {
        var frames: [(UInt8, [UInt8])] = []
        let used = bytes.withUnsafeBytes { FrameBytes.scan($0) { frames.append(($0, Array($1))) } }
        return (frames, used)
    }

    @Test func `a frame to send is final, masked with zero and has its length`() {
        #expect(FrameBytes.frame([1, 2]) == [0x81, 0x82, 0, 0, 0, 0, 1, 2])
        #expect(FrameBytes.frame([], opcode: FrameBytes.pong) == [0x8a, 0x80, 0, 0, 0, 0])
        let long = [UInt8](repeating: 7, count: 300)
        #expect(FrameBytes.frame(long) == [0x81, 0x80 | 126, 1, 44, 0, 0, 0, 0] + long)
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
    func `a frame of any length is found`(size: Int) {
        let payload = [UInt8](repeating: 9, count: size)
        let (frames, used) = Self.scan(Self.served(payload))
        #expect(frames.count == 1 && frames[0] == (1, payload))
        #expect(used == Self.served(payload).count)
    }

    @Test func `several frames of one read are found and the rest is left`() {
        let bytes =
            Self.served([1]) + Self.served([2, 3], opcode: FrameBytes.ping) + Self.served([4, 5, 6]).dropLast()
        let (frames, used) = Self.scan(bytes)
        #expect(frames.map(\.0) == [1, 9] && frames.map(\.1) == [[1], [2, 3]])
        #expect(used == bytes.count - 4)
    }

    @Test(arguments: [5, 200, 70_000]) func `no beginning of a frame is taken for a frame`(size: Int) {
        let whole = Self.served([UInt8](repeating: 1, count: size))
        for count in [0, 1, 2, 3, 4, 9, 10, whole.count - 1] where count < whole.count {
            let (frames, used) = Self.scan(Array(whole.prefix(count)))
            #expect(frames.isEmpty && used == 0)
        }
    }

    @Test func `a length that fits no memory is never complete`() {
        let (frames, used) = Self.scan([0x81, 127] + [UInt8](repeating: 0xff, count: 8) + [1, 2, 3])
        #expect(frames.isEmpty && used == 0)
    }

    @Test func `a close frame may have a code`() {
        func code(_ payload: [UInt8]) -> Int? { payload.withUnsafeBytes(FrameBytes.closeCode) }
        #expect(code([0x0f, 0xa8, 65]) == 4_008)
        #expect(code([]) == nil && code([3]) == nil)
    }
}
