import ChatCore
import NIOCore

// Reads RFC 6455 frames as strictly as the RFC demands: what it forbids ends the connection with the code it
// names. Between reads only what is incomplete is kept, so an idle connection holds no buffer at all.

/// Turns what arrives on a socket into WebSocket messages and control frames.
package struct FrameDecoder {
    /// Which side of the connection this is: servers get masked frames, clients unmasked ones (§5.1).
    package enum Role: Sendable {
        case server
        case client
    }

    package enum Output: Equatable {
        case text([UInt8])
        case binary
        case ping([UInt8])
        case pong
        /// `code` is nil when the peer gave none.
        case close(code: UInt16?)
    }

    /// A breach of the protocol and the code that answers it.
    package struct Violation: Error, Equatable {
        package let code: CloseCode
        package let reason: String
    }

    private struct Header {
        var isFinal: Bool
        var opcode: Opcode
        var length: Int
        var maskKey: UInt32?
        var size: Int
    }

    private let role: Role
    private let limit: Int
    private var unread: ByteBuffer?
    /// The message whose fragments are arriving, and its type.
    private var message: (opcode: Opcode, bytes: [UInt8])?

    package init(role: Role, limit: Int = Limits.frameBytes) {
        self.role = role
        self.limit = limit
    }

    package mutating func feed(_ buffer: ByteBuffer) {
        if unread == nil {
            unread = buffer
        } else {
            unread?.writeImmutableBuffer(buffer)
        }
    }

    /// The next message or control frame, nil when more bytes are needed.
    package mutating func next() throws(Violation) -> Output? {
        while var buffer = unread {
            guard let header = try header(of: buffer), buffer.readableBytes >= header.size + header.length else {
                if buffer.readableBytes == 0 { unread = nil }
                return nil
            }
            buffer.moveReaderIndex(forwardBy: header.size)
            var payload = buffer.readBytes(length: header.length) ?? []
            unread = buffer.readableBytes == 0 ? nil : buffer
            if let key = header.maskKey { Self.unmask(&payload, key) }
            if let output = try take(header, payload) { return output }
        }
        return nil
    }

    // MARK: Header

    private func header(of buffer: ByteBuffer) throws(Violation) -> Header? {
        let start = buffer.readerIndex
        guard let first: UInt8 = buffer.getInteger(at: start), let second: UInt8 = buffer.getInteger(at: start + 1)
        else { return nil }
        guard first & 0x70 == 0 else { throw Self.broken("a reserved bit is set") }
        guard let opcode = Opcode(rawValue: first & 0x0f) else { throw Self.broken("reserved opcode") }
        let isMasked = second & 0x80 != 0
        guard isMasked == (role == .server) else {
            throw Self.broken(isMasked ? "a server's frame is masked" : "a client's frame is not masked")
        }
        var header = Header(
            isFinal: first & 0x80 != 0, opcode: opcode, length: Int(second & 0x7f), maskKey: nil, size: 2)
        if opcode.isControl {
            guard header.isFinal, header.length < 126 else { throw Self.broken("control frame fragmented or too long") }
        }
        guard try readLength(of: buffer, into: &header) else { return nil }
        try checkOrder(header)
        if isMasked {
            guard let key: UInt32 = buffer.getInteger(at: start + header.size) else { return nil }
            header.maskKey = key
            header.size += 4
        }
        return header
    }

    /// Reads an extended length (§5.2: in the fewest bytes); false when it has not arrived yet.
    private func readLength(of buffer: ByteBuffer, into header: inout Header) throws(Violation) -> Bool {
        let start = buffer.readerIndex + 2
        switch header.length {
        case 126:
            guard let length: UInt16 = buffer.getInteger(at: start) else { return false }
            guard length >= 126 else { throw Self.broken("length not in its shortest form") }
            header.length = Int(length)
            header.size = 4
        case 127:
            guard let length: UInt64 = buffer.getInteger(at: start) else { return false }
            guard length >= 65_536, length <= UInt64(Int.max) else { throw Self.broken("invalid length") }
            header.length = Int(length)
            header.size = 10
        default: break
        }
        return true
    }

    /// Fragments follow their message's start (§5.4), and nothing exceeds the limit; known before the payload is.
    private func checkOrder(_ header: Header) throws(Violation) {
        guard !header.opcode.isControl else { return }
        if header.opcode == .continuation {
            guard message != nil else { throw Self.broken("continuation of nothing") }
        } else {
            guard message == nil else { throw Self.broken("new message within a fragmented one") }
        }
        guard header.length <= limit - (message?.bytes.count ?? 0) else {
            throw Violation(code: .tooBig, reason: "more than \(limit) bytes")
        }
    }

    // MARK: Payload

    private mutating func take(_ header: Header, _ payload: [UInt8]) throws(Violation) -> Output? {
        switch header.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong
        case .close: return try close(payload)
        case .text, .binary:
            guard header.isFinal else {
                message = (header.opcode, payload)
                return nil
            }
            return try complete(header.opcode, payload)
        case .continuation:
            message?.bytes.append(contentsOf: payload)
            guard header.isFinal, let whole = message else { return nil }
            message = nil
            return try complete(whole.opcode, whole.bytes)
        }
    }

    private func complete(_ opcode: Opcode, _ bytes: [UInt8]) throws(Violation) -> Output {
        guard opcode == .text else { return .binary }
        guard Self.isUTF8(bytes) else { throw Violation(code: .invalidText, reason: "text is not UTF-8") }
        return .text(bytes)
    }

    /// Checks a close payload: a code that may travel (§7.4) and a reason in UTF-8 (§5.5.1).
    private func close(_ payload: [UInt8]) throws(Violation) -> Output {
        guard !payload.isEmpty else { return .close(code: nil) }
        guard payload.count >= 2 else { throw Self.broken("close code of one byte") }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: break
        default: throw Self.broken("close code \(code) may not be sent")
        }
        guard Self.isUTF8(payload[2...]) else { throw Violation(code: .invalidText, reason: "reason is not UTF-8") }
        return .close(code: code)
    }

    private static func isUTF8(_ bytes: some Collection<UInt8>) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    private static func broken(_ reason: String) -> Violation {
        Violation(code: .protocolError, reason: reason)
    }

    /// §5.3, eight bytes at a time.
    private static func unmask(_ payload: inout [UInt8], _ key: UInt32) {
        let wide = UInt64(key) << 32 | UInt64(key)
        payload.withUnsafeMutableBytes { bytes in
            var index = 0
            while index + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                bytes.storeBytes(of: word ^ wide.bigEndian, toByteOffset: index, as: UInt64.self)
                index += 8
            }
            while index < bytes.count {
                bytes[index] ^= UInt8(truncatingIfNeeded: key >> (24 - 8 * UInt32(index & 3)))
                index += 1
            }
        }
    }
}
