/// Encodes frames (RFC 6455 §5.2).
package enum WebSocketFrame {
    /// An unmasked text frame with the payload that `write` writes.
    static func text(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(reserving: 512)
        writer.textFrame(write)
        return writer.bytes
    }

    /// Encodes one frame; masked, as required of clients (§5.3), if `mask` is given.
    package static func encode(
        _ opcode: Opcode, _ payload: [UInt8], mask: UInt32? = nil, isFinal: Bool = true
    ) -> [UInt8] {
        var frame: [UInt8] = []
        frame.reserveCapacity(FrameHeader.longestSize + payload.count)
        FrameHeader(isFinal: isFinal, opcode: opcode, length: payload.count, maskKey: mask).encode(into: &frame)
        let start = frame.count
        frame.append(contentsOf: payload)
        if let mask {
            frame.withUnsafeMutableBytes { Mask.apply(mask, to: UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
        }
        return frame
    }

    /// A close frame (§5.5.1). The reason is truncated, between characters, to what fits into a control frame.
    package static func close(_ code: UInt16, reason: String = "", mask: UInt32? = nil) -> [UInt8] {
        var payload = [UInt8(code >> 8), UInt8(code & 0xff)]
        for scalar in reason.unicodeScalars {
            guard payload.count + UTF8.width(scalar) <= FrameHeader.shortest else { break }
            payload.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return encode(.close, payload, mask: mask)
    }
}

extension JSONWriter {
    /// Appends an unmasked text frame whose payload `write` writes in place.
    ///
    /// The length is known only afterwards, so four bytes are reserved for the header. That fits nearly every message;
    /// only for very short or long payloads the bytes must be moved.
    mutating func textFrame(_ write: (inout JSONWriter) -> Void) {
        let start = bytes.count
        bytes.append(contentsOf: [0, 0, 0, 0])
        beginDocument()
        write(&self)
        let length = bytes.count - start - 4
        if 126...0xffff ~= length {
            bytes[start] = 0x80 | Opcode.text.rawValue
            bytes[start + 1] = 126
            bytes[start + 2] = UInt8(length >> 8)
            bytes[start + 3] = UInt8(length & 0xff)
        } else {
            var header: [UInt8] = []
            FrameHeader(opcode: .text, length: length).encode(into: &header)
            bytes.replaceSubrange(start..<start + 4, with: header)
        }
    }
}
