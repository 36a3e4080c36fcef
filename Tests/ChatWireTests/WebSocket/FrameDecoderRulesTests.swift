import ChatCore
import ChatTestKit
import NIOCore
import Testing

@testable import ChatWire

/// What RFC 6455 forbids, what may be cut anywhere, and what is kept between reads.
@Suite struct FrameDecoderRulesTests {
    private static func decode(
        _ reads: [[UInt8]], role: FrameDecoder.Role = .server, limit: Int = Limits.frameBytes
    ) -> (outputs: [FrameDecoder.Output], violation: CloseCode?) {
        var decoder = FrameDecoder(role: role, limit: limit)
        var outputs: [FrameDecoder.Output] = []
        var violation: CloseCode?
        for read in reads {
            decoder.feed(ByteBuffer(bytes: read))
            do throws(FrameDecoder.Violation) {
                while let output = try decoder.next() { outputs.append(output) }
            } catch {
                #expect(violation == nil, "a violation is told once")
                violation = error.code
            }
        }
        return (outputs, violation)
    }

    private static func client(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
        WebSocketFrame.encode(opcode, payload, mask: 0x9ab3_01ff, isFinal: isFinal)
    }

    @Test func `the frames of RFC 6455 section 5.7 are read in the client's role`() {
        let hello = Array("Hello".utf8)
        let zeros = [UInt8](repeating: 0, count: 65_536)
        let bytes =
            [0x81, 0x05] + hello + [0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f, 0x89, 0x05] + hello
            + [0x82, 0x7e, 0x01, 0x00] + zeros.prefix(256) + [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0] + zeros
        let (outputs, violation) = Self.decode([bytes], role: .client, limit: 16 << 20)
        #expect(outputs == [.text(hello), .text(hello), .ping(hello), .binary, .binary] && violation == nil)
    }

    @Test func `a masked frame of a server is a breach`() {
        #expect(Self.decode([Self.client(.text, [65])], role: .client).violation == .protocolError)
        #expect(Self.decode([WebSocketFrame.encode(.text, [65])], role: .server).violation == .protocolError)
    }

    @Test(arguments: [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8])
    func `reserved opcodes are a breach`(opcode: UInt8) {
        #expect(Self.decode([[0x80 | opcode, 0x80, 0, 0, 0, 0]]).violation == .protocolError)
    }

    @Test(arguments: [0x10, 0x20, 0x40] as [UInt8]) func `reserved bits are a breach, seen in the first byte`(
        bit: UInt8
    ) {
        #expect(Self.decode([[0x81 | bit]]).violation == .protocolError)
    }

    @Test(arguments: [0x08, 0x09, 0x0a] as [UInt8]) func `control frames are short and whole`(opcode: UInt8) {
        #expect(Self.decode([[opcode, 0x80, 0, 0, 0, 0]]).violation == .protocolError)
        #expect(Self.decode([[0x80 | opcode, 0xfe]]).violation == .protocolError)
        #expect(Self.decode([[0x80 | opcode, 0xff]]).violation == .protocolError)
        let longest = [UInt8](repeating: 0x0f, count: 125)
        #expect(Self.decode([Self.client(.ping, longest)]).outputs == [.ping(longest)])
    }

    @Test(
        arguments: [
            [0xfe, 0, 0], [0xfe, 0, 125], [0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff], [0xff, 0x80, 0, 0, 0, 0, 0, 0, 0],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ] as [[UInt8]])
    func `a length in too many bytes or with its top bit set is a breach`(length: [UInt8]) {
        #expect(Self.decode([[0x81] + length]).violation == .protocolError)
    }

    @Test func `fragments keep their order`() {
        #expect(Self.decode([Self.client(.continuation, [65])]).violation == .protocolError)
        #expect(Self.decode([Self.client(.continuation, [65], isFinal: false)]).violation == .protocolError)
        let start = Self.client(.text, [65], isFinal: false)
        #expect(Self.decode([start, Self.client(.text, [65])]).violation == .protocolError)
        #expect(Self.decode([start, Self.client(.binary, [65], isFinal: false)]).violation == .protocolError)
        let whole = Self.client(.text, [65])
        #expect(Self.decode([whole, Self.client(.continuation, [65])]).violation == .protocolError)
        let binary = [Self.client(.binary, [0xff], isFinal: false), Self.client(.continuation, [0xfe])]
        #expect(Self.decode(binary).outputs == [.binary], "binary is not judged as text")
    }

    @Test func `the limit is of the message, and told from the header`() {
        let limit = Limits.frameBytes
        let most = [UInt8](repeating: 65, count: limit)
        #expect(Self.decode([Self.client(.text, most)]).outputs == [.text(most)])
        #expect(Self.decode([[0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1]]).violation == .tooBig)
        #expect(Self.decode([[0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]]).violation == .tooBig)
        let nearly = Self.client(.text, Array(most.dropLast()), isFinal: false)
        #expect(Self.decode([nearly, [0x80, 0x82]]).violation == .tooBig)
        #expect(Self.decode([nearly, Self.client(.continuation, [65])]).outputs == [.text(most)])
        #expect(
            Self.decode([nearly, Self.client(.continuation, [65], isFinal: false), [0x80, 0x81]]).violation == .tooBig)
        #expect(Self.decode([nearly, Self.client(.ping, [1, 2])]).outputs == [.ping([1, 2])])
    }

    @Test(
        arguments: [
            (1000, nil), (1003, nil), (1007, nil), (1011, nil), (1014, nil), (3000, nil), (4999, nil),
            (0, .protocolError),
            (999, .protocolError), (1004, .protocolError), (1005, .protocolError), (1006, .protocolError),
            (1015, .protocolError), (1016, .protocolError), (2999, .protocolError), (5000, .protocolError),
            (65_535, .protocolError),
        ] as [(UInt16, CloseCode?)])
    func `a close code may be one that may travel`(code: UInt16, violation: CloseCode?) {
        let payload = [UInt8(code >> 8), UInt8(code & 255)] + Array("why 漢".utf8)
        let result = Self.decode([Self.client(.close, payload)])
        #expect(result.violation == violation)
        #expect(result.outputs == (violation == nil ? [.close(code: code)] : []))
    }

    @Test func `a close may have no payload, but not half a code or a reason that is no text`() {
        #expect(Self.decode([Self.client(.close, [])]).outputs == [.close(code: nil)])
        #expect(Self.decode([Self.client(.close, [3])]).violation == .protocolError)
        #expect(Self.decode([Self.client(.close, [0x03, 0xe8, 0xc3])]).violation == .invalidText)
    }

    @Test func `a character may be cut by fragments, a message may not end within one`() {
        let smile = Array("😀".utf8)
        for cut in 0...4 {
            let start = Self.client(.text, Array(smile[..<cut]), isFinal: false)
            let rest = Self.client(.continuation, Array(smile[cut...]))
            #expect(Self.decode([start, Self.client(.ping, [0xff]), rest]).outputs == [.ping([0xff]), .text(smile)])
        }
        #expect(Self.decode([Self.client(.text, Array(smile[..<2]))]).violation == .invalidText)
        let stump = [Self.client(.text, Array(smile[..<2]), isFinal: false), Self.client(.continuation, [])]
        #expect(Self.decode(stump).violation == .invalidText)
    }

    @Test func `a fragment that is no text is refused before the rest comes`() {
        #expect(Self.decode([Self.client(.text, [65, 0xc0], isFinal: false)]).violation == .invalidText)
        let start = Self.client(.text, [0xe2, 0x82], isFinal: false)
        #expect(Self.decode([start, Self.client(.continuation, [65], isFinal: false)]).violation == .invalidText)
    }

    @Test func `after a violation nothing is made out any more`() {
        let good = Self.client(.text, [65])
        let result = Self.decode([good + [0xff, 0xff], good, good])
        #expect(result.outputs == [.text([65])] && result.violation == .protocolError)
    }

    @Test(arguments: 0..<200)
    func `whatever the reads and fragments, the messages and pings are the same`(seed: Int) {
        var random = Seeded(seed)
        var (bytes, expected): ([UInt8], [FrameDecoder.Output]) = ([], [])
        for _ in 0..<6 {
            let size = [0, 1, 125, 126, 300].randomElement(using: &random) ?? 0
            let text = String((0..<size).compactMap { _ in "abé漢😀".randomElement(using: &random) })
            let payload = Array(String(repeating: text, count: [1, 1, 1, 40].randomElement(using: &random) ?? 1).utf8)
            Self.append(.text, payload, to: &bytes, &expected, &random)
            if Bool.random(using: &random) { Self.append(.binary, [0xff, 0xfe, 0xfd], to: &bytes, &expected, &random) }
        }
        bytes += Self.client(.close, [0x03, 0xe8])
        expected.append(.close(code: 1000))
        var reads: [[UInt8]] = []
        var rest = bytes[...]
        let longest = [1, 7, 200, 10_000].randomElement(using: &random) ?? 1
        while !rest.isEmpty {
            reads.append(Array(rest.prefix(Int.random(in: 0...longest, using: &random))))
            rest = rest.dropFirst(reads.last?.count ?? 0)
        }
        let result = Self.decode(reads)
        #expect(result.outputs == expected && result.violation == nil)
    }

    /// Appends a message in random fragments with pings between them.
    private static func append(
        _ opcode: Opcode, _ payload: [UInt8], to bytes: inout [UInt8], _ expected: inout [FrameDecoder.Output],
        _ random: inout Seeded
    ) {
        var rest = payload[...]
        var opcodeOfPart = opcode
        repeat {
            let isFinal = Bool.random(using: &random)
            let part = isFinal ? Array(rest) : Array(rest.prefix(Int.random(in: 0...200, using: &random)))
            rest = rest.dropFirst(part.count)
            let mask = UInt32.random(in: .min ... .max, using: &random)
            bytes += WebSocketFrame.encode(opcodeOfPart, part, mask: mask, isFinal: isFinal)
            opcodeOfPart = .continuation
            if isFinal { return expected.append(opcode == .text ? .text(payload) : .binary) }
            bytes += WebSocketFrame.encode(.ping, [UInt8(part.count & 255)], mask: mask)
            expected.append(.ping([UInt8(part.count & 255)]))
        } while true
    }

    @Test func `reads that never end with a frame do not pile up`() throws {
        let frame = Self.client(.text, [UInt8](repeating: 65, count: 1_000))
        var decoder = FrameDecoder(role: .server)
        var count = 0
        decoder.feed(ByteBuffer(bytes: frame.prefix(500)))
        for _ in 0..<2_000 {
            while let output = try decoder.next() {
                count += output == .text([UInt8](repeating: 65, count: 1_000)) ? 1 : 0
            }
            #expect(decoder.heldBytes <= 1_000)
            decoder.feed(ByteBuffer(bytes: frame.dropFirst(500) + frame.prefix(500)))
        }
        #expect(count == 1_999)
    }

    @Test func `between whole frames nothing is held, and within one only its bytes`() throws {
        var decoder = FrameDecoder(role: .server)
        var read = ByteBuffer(bytes: Self.client(.text, Array("hello".utf8)))
        read.reserveCapacity(65_536)
        decoder.feed(read)
        while try decoder.next() != nil {}
        #expect(decoder.heldBytes == 0)
        var part = ByteBuffer(bytes: Self.client(.text, Array("hello".utf8)).prefix(8))
        part.reserveCapacity(65_536)
        decoder.feed(part)
        #expect(try decoder.next() == nil)
        #expect(decoder.heldBytes < 64)
    }
}

extension FrameDecoder {
    /// The capacity of all storage that hangs on the decoder.
    fileprivate var heldBytes: Int {
        Mirror(reflecting: self).children.reduce(0) { sum, child in
            switch child.value {
            case let bytes as [UInt8]: sum + bytes.capacity
            case let buffer as ByteBuffer: sum + buffer.capacity
            default: sum
            }
        }
    }
}
