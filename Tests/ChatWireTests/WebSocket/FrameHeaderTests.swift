import ChatTestKit
import Testing

@testable import ChatWire

@Suite struct FrameHeaderTests {
    private static let limit = 1 << 40

    private static func encoded(_ header: FrameHeader) -> [UInt8] {
        var bytes: [UInt8] = []
        header.encode(into: &bytes)
        return bytes
    }

    @Test(arguments: [0, 1, 125, 126, 127, 255, 256, 65_535, 65_536, 1 << 32, (1 << 40) - 1])
    func `a header is read as it was written, from no byte less`(length: Int) throws {
        for opcode in [Opcode.text, .binary, .continuation] {
            for mask in [nil, 0, 0x0102_0304, .max] as [UInt32?] {
                let header = FrameHeader(isFinal: length % 2 == 0, opcode: opcode, length: length, maskKey: mask)
                let bytes = Self.encoded(header)
                let isMasked = mask != nil
                let read = try #require(try FrameHeader.parse(bytes + [1, 2], masked: isMasked, limit: Self.limit))
                #expect(read.header == header && read.size == bytes.count)
                for count in bytes.indices {
                    #expect(try FrameHeader.parse(bytes.prefix(count), masked: isMasked, limit: Self.limit) == nil)
                }
            }
        }
    }

    @Test func `the longest header is as long as it is said to be`() {
        let header = FrameHeader(opcode: .binary, length: .max, maskKey: 1)
        #expect(Self.encoded(header).count == FrameHeader.longestSize)
    }

    @Test(
        arguments: [
            ([0x81, 126, 0, 125], "length in too many bytes"),
            ([0x81, 127, 0, 0, 0, 0, 0, 0, 255, 255], "length in too many bytes"),
            ([0x81, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], "length of 64 bits"), ([0x89, 126], "control frame too long"),
            ([0x09], "control frame in fragments"), ([0x83], "reserved opcode"), ([0x91], "a reserved bit is set"),
            ([0x81, 0x80], "a server's frame is masked"),
        ] as [([UInt8], String)])
    func `what is forbidden is refused with its reason, as soon as it can be seen`(bytes: [UInt8], reason: String)
        throws
    {
        let violation = #expect(throws: FrameDecoder.Violation.self) {
            try FrameHeader.parse(bytes, masked: false, limit: Self.limit)
        }
        #expect(violation?.reason == reason && violation?.code == .protocolError)
        #expect(try FrameHeader.parse(bytes.dropLast(), masked: false, limit: Self.limit) == nil)
    }

    @Test(arguments: [(10, 10, true), (11, 10, false), (126, 125, false), (65_536, 65_535, false), (0, 0, true)])
    func `a payload may have so many bytes`(length: Int, limit: Int, isTaken: Bool) {
        let bytes = Self.encoded(FrameHeader(opcode: .text, length: length))
        let violation = { () -> CloseCode? in
            do throws(FrameDecoder.Violation) {
                _ = try FrameHeader.parse(bytes, masked: false, limit: limit)
                return nil
            } catch {
                return error.code
            }
        }()
        #expect(violation == (isTaken ? nil : .tooBig))
    }

    @Test func `control frames pass a limit that the message has used up`() throws {
        let bytes = Self.encoded(FrameHeader(opcode: .ping, length: 125))
        #expect(try FrameHeader.parse(bytes, masked: false, limit: 0)?.header.length == 125)
    }
}
