/// Frame types of RFC 6455 §5.2.
package enum Opcode: UInt8, Sendable {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    var isControl: Bool { rawValue >= 8 }
}

/// The header of a frame (RFC 6455 §5.2).
struct FrameHeader: Equatable, Sendable {
    /// The maximum payload length that fits into 7 bits, which is also that of a control frame (§5.5).
    static let shortest = 125
    /// The maximum size of a header in bytes.
    static let longestSize = 14

    var isFinal = true
    var opcode: Opcode
    var length: Int
    var maskKey: UInt32?

    init(isFinal: Bool = true, opcode: Opcode, length: Int, maskKey: UInt32? = nil) {
        self.isFinal = isFinal
        self.opcode = opcode
        self.length = length
        self.maskKey = maskKey
    }

    /// Appends the header in its shortest encoding.
    func encode(into bytes: inout [UInt8]) {
        bytes.append((isFinal ? 0x80 : 0) | opcode.rawValue)
        let maskBit: UInt8 = maskKey == nil ? 0 : 0x80
        switch length {
        case ...Self.shortest: bytes.append(maskBit | UInt8(length))
        case ...0xffff:
            bytes.append(maskBit | 126)
            Self.append(UInt16(length), to: &bytes)
        default:
            bytes.append(maskBit | 127)
            Self.append(UInt64(length), to: &bytes)
        }
        if let maskKey { Self.append(maskKey, to: &bytes) }
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

extension FrameHeader {
    /// Parses a header at the start of `bytes`. Data payloads may have up to `limit` bytes.
    ///
    /// - Returns: the header and its size; nil if more bytes are needed.
    /// - Throws: a violation as soon as it is detectable, even before the header is complete.
    static func parse(
        _ bytes: some RandomAccessCollection<UInt8>, masked: Bool, limit: Int
    ) throws(FrameDecoder.Violation) -> (header: FrameHeader, size: Int)? {
        guard let first = bytes.first else { return nil }
        guard first & 0x70 == 0 else { throw .broken("a reserved bit is set") }
        guard let opcode = Opcode(rawValue: first & 0x0f) else { throw .broken("reserved opcode") }
        var header = FrameHeader(isFinal: first & 0x80 != 0, opcode: opcode, length: 0)
        guard header.isFinal || !opcode.isControl else { throw .broken("control frame in fragments") }
        guard let second = bytes.dropFirst().first else { return nil }
        guard (second & 0x80 != 0) == masked else {
            throw .broken(masked ? "a client's frame is not masked" : "a server's frame is masked")
        }
        header.length = Int(second & 0x7f)
        guard header.length <= shortest || !opcode.isControl else { throw .broken("control frame too long") }
        guard let extended = try header.extendLength(bytes.dropFirst(2)) else { return nil }
        guard header.length <= limit || opcode.isControl else { throw .tooBig }
        guard masked else { return (header, 2 + extended) }
        let key = bytes.dropFirst(2 + extended).prefix(4)
        header.maskKey = UInt32(truncatingIfNeeded: number(key))
        return key.count == 4 ? (header, 6 + extended) : nil
    }

    /// Parses an extended length (§5.2: in its shortest encoding, below 2^63).
    ///
    /// - Returns: the number of bytes it takes; nil if they have not arrived yet.
    private mutating func extendLength(
        _ bytes: some RandomAccessCollection<UInt8>
    ) throws(FrameDecoder.Violation) -> Int? {
        guard length > Self.shortest else { return 0 }
        let size = length == 126 ? 2 : 8
        guard bytes.count >= size else { return nil }
        let number = Self.number(bytes.prefix(size))
        guard number > (size == 2 ? UInt64(Self.shortest) : 0xffff) else { throw .broken("length in too many bytes") }
        guard let length = Int(exactly: number) else { throw .broken("length of 64 bits") }
        self.length = length
        return size
    }

    /// Decodes a number in network byte order.
    private static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
