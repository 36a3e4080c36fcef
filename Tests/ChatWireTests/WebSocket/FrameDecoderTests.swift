import ChatCore
import ChatTestKit
import NIOCore
import Testing

@testable import ChatWire

@Suite struct FrameDecoderTests {
    private static func outputs(_ bytes: [UInt8], cutAt cuts: [Int] = []) throws -> [FrameDecoder.Output] {
        var decoder = FrameDecoder(role: .server)
        var outputs: [FrameDecoder.Output] = []
        var start = 0
        for end in cuts + [bytes.count] where end >= start {
            decoder.feed(ByteBuffer(bytes: bytes[start..<end]))
            while let output = try decoder.next() { outputs.append(output) }
            start = end
        }
        return outputs
    }

    private static func violation(_ bytes: [UInt8]) -> CloseCode? {
        do {
            _ = try outputs(bytes)
            return nil
        } catch {
            return (error as? FrameDecoder.Violation)?.code
        }
    }

    /// A client's frame with an open choice of its first byte.
    private static func frame(_ first: UInt8, _ payload: [UInt8], mask: UInt32 = 0x37fa_213d) -> [UInt8] {
        var bytes = WebSocketFrame.encode(.text, payload, mask: mask)
        bytes[0] = first
        return bytes
    }

    @Test func `the masked hello of RFC 6455 section 5.7 is read`() throws {
        let bytes: [UInt8] = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]
        #expect(try Self.outputs(bytes) == [.text(Array("Hello".utf8))])
    }

    @Test func `an unmasked frame of a server is read in the client's role`() throws {
        var decoder = FrameDecoder(role: .client)
        decoder.feed(ByteBuffer(bytes: [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]))
        #expect(try decoder.next() == .text(Array("Hello".utf8)))
    }

    @Test func `fragments with a ping between them make one message`() throws {
        let bytes =
            Self.frame(0x01, Array("Hel".utf8)) + Self.frame(0x89, [1, 2]) + Self.frame(0x80, Array("lo".utf8))
        #expect(try Self.outputs(bytes) == [.ping([1, 2]), .text(Array("Hello".utf8))])
    }

    @Test(arguments: 0..<100) func `any cut into reads and fragments gives the same messages`(seed: Int) throws {
        var random = Seeded(seed)
        let length = Int.random(in: 0...400, using: &random)
        let text = String((0..<length).compactMap { _ in "aé漢😀".randomElement(using: &random) })
        let payload = Array(text.utf8)
        var bytes: [UInt8] = []
        var rest = payload[...]
        var isFirst = true
        repeat {
            let part = Array(rest.prefix(Int.random(in: 0...200, using: &random)))
            rest = rest.dropFirst(part.count)
            let final: UInt8 = rest.isEmpty ? 0x80 : 0
            bytes += Self.frame(final | (isFirst ? 1 : 0), part, mask: UInt32.random(in: .min ... .max, using: &random))
            if !rest.isEmpty { bytes += Self.frame(0x8a, []) }
            isFirst = false
        } while !rest.isEmpty
        let cuts = (0..<5).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
        #expect(try Self.outputs(bytes, cutAt: cuts).filter { $0 != .pong } == [.text(payload)])
    }

    @Test func `breaches of the protocol end with the code the RFC names`() {
        #expect(Self.violation([0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]) == .protocolError, "not masked")
        #expect(Self.violation(Self.frame(0xc1, [65])) == .protocolError, "reserved bit")
        #expect(Self.violation(Self.frame(0x83, [65])) == .protocolError, "reserved opcode")
        #expect(Self.violation(Self.frame(0x09, [65])) == .protocolError, "fragmented ping")
        #expect(Self.violation(Self.frame(0x89, [UInt8](repeating: 0, count: 126))) == .protocolError, "long ping")
        #expect(Self.violation(Self.frame(0x80, [65])) == .protocolError, "continuation of nothing")
        #expect(Self.violation(Self.frame(0x01, [65]) + Self.frame(0x81, [65])) == .protocolError, "new message within")
        #expect(Self.violation([0x81, 0xfe, 0x00, 0x05]) == .protocolError, "length not minimal")
        #expect(Self.violation([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0]) == .protocolError, "length over 63 bits")
        #expect(Self.violation(Self.frame(0x81, [0xc3, 0x28])) == .invalidText)
        #expect(Self.violation(Self.frame(0x88, [3])) == .protocolError, "close code of one byte")
        #expect(Self.violation(Self.frame(0x88, [0x03, 0xed])) == .protocolError, "close code 1005")
        #expect(Self.violation(Self.frame(0x88, [0x03, 0xe8, 0xff])) == .invalidText)
    }

    @Test func `a message over the limit is refused before its payload arrives`() {
        let header: [UInt8] = [0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1]
        #expect(Self.violation(header) == .tooBig)
        let half = [UInt8](repeating: 65, count: 40_000)
        #expect(Self.violation(Self.frame(0x01, half) + Self.frame(0x80, half)) == .tooBig)
        let empty = Self.frame(0x01, []) + (1...Limits.fragments).flatMap { _ in Self.frame(0x00, []) }
        #expect(Self.violation(empty) == .tooBig)
    }
}
