import Testing

@testable import ChatWire

@Suite struct WebSocketFrameTests {
    @Test func `the examples of RFC 6455 section 5.7 are written`() {
        let hello = Array("Hello".utf8)
        #expect(WebSocketFrame.encode(.text, hello) == [0x81, 0x05] + hello)
        #expect(
            WebSocketFrame.encode(.text, hello, mask: 0x37fa_213d)
                == [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58])
        #expect(WebSocketFrame.encode(.text, Array("Hel".utf8), isFinal: false) == [0x01, 0x03, 0x48, 0x65, 0x6c])
        #expect(WebSocketFrame.encode(.continuation, Array("lo".utf8)) == [0x80, 0x02, 0x6c, 0x6f])
        #expect(WebSocketFrame.encode(.ping, hello) == [0x89, 0x05] + hello)
        #expect(
            WebSocketFrame.encode(.pong, hello, mask: 0x37fa_213d)
                == [0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58])
        let zeros = [UInt8](repeating: 0, count: 65_536)
        #expect(WebSocketFrame.encode(.binary, Array(zeros.prefix(256))).prefix(4) == [0x82, 0x7e, 0x01, 0x00])
        #expect(WebSocketFrame.encode(.binary, zeros).prefix(10) == [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0])
    }

    @Test(arguments: [(125, 2), (126, 4), (65_535, 4), (65_536, 10)]) func `a header is as short as it can be`(
        length: Int, size: Int
    ) throws {
        for mask in [nil, 0x0102_0304 as UInt32?] {
            var bytes: [UInt8] = []
            let header = FrameHeader(opcode: .text, length: length, maskKey: mask)
            header.encode(into: &bytes)
            #expect(bytes.count == size + (mask == nil ? 0 : 4))
            let parsed = try #require(try FrameHeader.parse(bytes, masked: mask != nil, limit: 1 << 20))
            #expect(parsed.header == header && parsed.size == bytes.count)
            for count in 0..<bytes.count {
                #expect(try FrameHeader.parse(bytes.prefix(count), masked: mask != nil, limit: 1 << 20) == nil)
            }
        }
    }

    @Test(arguments: 0..<40) func `masking is byte by byte what the RFC says`(count: Int) {
        let key: UInt32 = 0xdead_be01
        let payload = (0..<count).map { UInt8($0 * 7 & 255) }
        let bytes: [UInt8] = [0xde, 0xad, 0xbe, 0x01]
        let expected = payload.enumerated().map { $0.element ^ bytes[$0.offset % 4] }
        #expect(Array(WebSocketFrame.encode(.binary, payload, mask: key).suffix(count)) == expected)
    }

    @Test func `a close reason is cut between characters`() {
        #expect(WebSocketFrame.close(4003) == [0x88, 2, 0x0f, 0xa3])
        #expect(WebSocketFrame.close(1001, reason: "bye") == [0x88, 5, 0x03, 0xe9] + Array("bye".utf8))
        let frame = WebSocketFrame.close(1000, reason: String(repeating: "漢", count: 100))
        #expect(frame.count == 2 + 2 + 123)
        #expect(String(validating: frame[4...], as: UTF8.self) == String(repeating: "漢", count: 41))
        let uneven = WebSocketFrame.close(1000, reason: "a" + String(repeating: "漢", count: 100))
        #expect(String(validating: uneven[4...], as: UTF8.self) == "a" + String(repeating: "漢", count: 40))
    }
}
