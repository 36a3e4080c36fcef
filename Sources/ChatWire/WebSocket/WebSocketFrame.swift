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

/// Why a connection is closed: RFC 6455 §7.4.1 and contract §3.
package enum CloseCode: UInt16, Sendable {
    case normal = 1000
    case goingAway = 1001
    case protocolError = 1002
    case unsupportedData = 1003
    case invalidText = 1007
    case tooBig = 1009
    case sessionEnded = 4001
    case forbidden = 4003
    case tooSlow = 4008
}

/// Frames as bytes (RFC 6455 §5.2).
package enum WebSocketFrame {
    /// A text frame whose payload `write` makes.
    static func text(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var payload = JSONWriter(reserving: 512)
        write(&payload)
        return encode(.text, payload.bytes)
    }

    /// A whole frame; masked, as clients must, when `mask` is given.
    package static func encode(_ opcode: Opcode, _ payload: [UInt8], mask: UInt32? = nil) -> [UInt8] {
        var frame: [UInt8] = []
        frame.reserveCapacity(payload.count + 14)
        frame.append(0x80 | opcode.rawValue)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        switch payload.count {
        case ..<126: frame.append(maskBit | UInt8(payload.count))
        case ..<65_536:
            frame.append(maskBit | 126)
            append(payload.count, bytes: 2, to: &frame)
        default:
            frame.append(maskBit | 127)
            append(payload.count, bytes: 8, to: &frame)
        }
        guard let mask else {
            frame.append(contentsOf: payload)
            return frame
        }
        let key = (0..<4).map { UInt8(truncatingIfNeeded: mask >> (24 - 8 * $0)) }
        frame.append(contentsOf: key)
        for (index, byte) in payload.enumerated() { frame.append(byte ^ key[index & 3]) }
        return frame
    }

    /// A close frame (§5.5.1); the reason is cut to what a control frame holds.
    package static func close(_ code: UInt16, reason: String = "", mask: UInt32? = nil) -> [UInt8] {
        encode(.close, [UInt8(code >> 8), UInt8(code & 255)] + Array(reason.utf8.prefix(123)), mask: mask)
    }

    private static func append(_ length: Int, bytes: Int, to frame: inout [UInt8]) {
        for shift in stride(from: (bytes - 1) * 8, through: 0, by: -8) {
            frame.append(UInt8(truncatingIfNeeded: length >> shift))
        }
    }
}
