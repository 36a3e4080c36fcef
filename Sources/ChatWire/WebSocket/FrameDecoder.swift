import ChatCore
import NIOCore

// Decodes RFC 6455 frames strictly: a violation ends the connection with the close code the RFC requires. Between
// reads, only the bytes of an incomplete header or payload are kept, in storage of their own size. So an idle
// connection holds no buffer at all, and a client that stops in the middle of a frame does not pin a read buffer of the
// event loop.

/// Decodes bytes from a socket into WebSocket messages and control frames.
package struct FrameDecoder {
    /// The side of the connection: servers receive masked frames, clients unmasked ones (§5.1).
    package enum Role: Sendable {
        case server
        case client
    }

    /// A complete message or control frame.
    package enum Output: Equatable, Sendable {
        case text([UInt8])
        case binary
        /// The pong must repeat the payload (§5.5.3).
        case ping([UInt8])
        case pong
        /// `code` is nil if the peer sent none.
        case close(code: UInt16?)
    }

    /// A protocol violation and the close code that answers it.
    package struct Violation: Error, Equatable {
        package let code: CloseCode
        package let reason: String

        static var tooBig: Violation { Violation(code: .tooBig, reason: "the message is too long") }
        static var manyFragments: Violation { Violation(code: .tooBig, reason: "the message has too many fragments") }
        static var notText: Violation { Violation(code: .invalidText, reason: "not UTF-8") }
        static func broken(_ reason: String) -> Violation { Violation(code: .protocolError, reason: reason) }
    }

    /// A message whose fragments are arriving.
    private struct Fragments {
        let opcode: Opcode
        var bytes: [UInt8]
        var count = 0
        var check = UTF8Check()
    }

    private let role: Role
    private var isBroken = false
    private let limit: Int
    private var input: ByteBuffer?
    /// The header of the frame whose payload is incomplete.
    private var header: FrameHeader?
    /// The bytes received so far of an incomplete header, or of the payload after ``header``.
    private var held: [UInt8] = []
    private var fragments: Fragments?

    /// - Parameter limit: the maximum size of a message in bytes, over all of its fragments.
    package init(role: Role, limit: Int = Limits.frameBytes) {
        self.role = role
        self.limit = limit
    }

    /// Accepts the bytes of one read. Then call ``next()`` until it returns nil.
    package mutating func feed(_ buffer: ByteBuffer) {
        guard !isBroken else { return }
        if input?.writeImmutableBuffer(buffer) == nil { input = buffer }
    }

    /// The next message or control frame; nil if more bytes are needed.
    ///
    /// - Throws: the violation, once. Bytes after it cannot be interpreted and are ignored.
    package mutating func next() throws(Violation) -> Output? {
        defer { if input?.readableBytes == 0 { input = nil } }
        do throws(Violation) {
            while let (header, payload) = try frame() {
                if let output = try take(header, payload) { return output }
            }
            return nil
        } catch {
            self = FrameDecoder(role: role, limit: limit)
            isBroken = true
            throw error
        }
    }

    // MARK: Frames

    private mutating func frame() throws(Violation) -> (FrameHeader, [UInt8])? {
        guard let header = try readHeader() else { return nil }
        guard var payload = readPayload(header.length) else {
            self.header = header
            return nil
        }
        self.header = nil
        if let key = header.maskKey { payload.withUnsafeMutableBytes { Mask.apply(key, to: $0) } }
        return (header, payload)
    }

    /// The bytes by which the current message may still grow.
    private var room: Int { limit - (fragments?.bytes.count ?? 0) }

    private mutating func readHeader() throws(Violation) -> FrameHeader? {
        if let header { return header }
        guard let view = input?.readableBytesView else { return nil }
        guard held.isEmpty else { return try completeHeader() }
        guard let (header, size) = try FrameHeader.parse(view, masked: role == .server, limit: room) else {
            held = Array(view)
            input = nil
            return nil
        }
        input?.moveReaderIndex(forwardBy: size)
        try check(header)
        return header
    }

    /// Continues a header that was split across reads.
    private mutating func completeHeader() throws(Violation) -> FrameHeader? {
        while let byte = input?.readInteger(as: UInt8.self) {
            held.append(byte)
            guard let (header, _) = try FrameHeader.parse(held, masked: role == .server, limit: room) else { continue }
            held = []
            try check(header)
            return header
        }
        return nil
    }

    /// Checks that fragments follow the start of their message (§5.4), before the payload arrives.
    private func check(_ header: FrameHeader) throws(Violation) {
        guard !header.opcode.isControl else { return }
        if header.opcode == .continuation {
            guard fragments != nil else { throw .broken("continuation of nothing") }
        } else {
            guard fragments == nil else { throw .broken("new message within a fragmented one") }
        }
    }

    private mutating func readPayload(_ length: Int) -> [UInt8]? {
        let missing = length - held.count
        let available = input?.readableBytes ?? 0
        if held.isEmpty, available >= length { return input?.readBytes(length: length) ?? [] }
        if let part = input?.readSlice(length: min(missing, available)) {
            held.append(contentsOf: part.readableBytesView)
        }
        guard held.count == length else { return nil }
        defer { held = [] }
        return held
    }

    // MARK: Payloads

    private mutating func take(_ header: FrameHeader, _ payload: [UInt8]) throws(Violation) -> Output? {
        switch header.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong
        case .close: return try Self.close(payload)
        case .text where header.isFinal:
            guard UTF8Check.isValid(payload) else { throw .notText }
            return .text(payload)
        case .binary where header.isFinal: return .binary
        case .text, .binary, .continuation: return try takeFragment(header, payload)
        }
    }

    private mutating func takeFragment(_ header: FrameHeader, _ payload: [UInt8]) throws(Violation) -> Output? {
        var message = fragments ?? Fragments(opcode: header.opcode, bytes: [])
        fragments = nil
        let isText = message.opcode == .text
        if isText {
            guard payload.withUnsafeBytes({ message.check.accepts($0) }) else { throw .notText }
        }
        message.bytes.append(contentsOf: payload)
        message.count += 1
        guard message.count <= Limits.fragments else { throw .manyFragments }
        guard header.isFinal else {
            fragments = message
            return nil
        }
        guard message.check.isAtBoundary else { throw .notText }
        return isText ? .text(message.bytes) : .binary
    }

    /// Checks a close payload: a code that may be sent (§7.4) and a reason in UTF-8 (§5.5.1).
    private static func close(_ payload: [UInt8]) throws(Violation) -> Output {
        guard !payload.isEmpty else { return .close(code: nil) }
        guard payload.count >= 2 else { throw .broken("close code of one byte") }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: break
        default: throw .broken("close code \(code) may not be sent")
        }
        guard UTF8Check.isValid(payload[2...]) else { throw .notText }
        return .close(code: code)
    }
}
