/// WebSocket frames of the generator (RFC 6455 §5.2): unfragmented, and with a mask of zero.
///
/// `ChatWire` has the careful codec of server and client; here a server is trusted to send valid frames, and nothing is
/// copied or checked that would make the generator slower than what it measures.
enum FrameBytes {
    static let text: UInt8 = 1
    static let close: UInt8 = 8
    static let ping: UInt8 = 9
    static let pong: UInt8 = 10

    /// A frame to send; §5.3 allows the zero mask, which leaves the payload as it is.
    ///
    /// - Parameter payload: shorter than 64 KiB.
    static func frame(_ payload: [UInt8], opcode: UInt8 = text) -> [UInt8] {
        var frame: [UInt8] = [0x80 | opcode]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [
                0x80 | 126, UInt8(truncatingIfNeeded: payload.count >> 8), UInt8(truncatingIfNeeded: payload.count),
            ]
        }
        return frame + [0, 0, 0, 0] + payload
    }

    /// Calls `frame` with the opcode and payload of each complete frame, and answers how many bytes those took.
    static func scan(
        _ bytes: UnsafeRawBufferPointer, _ frame: (UInt8, UnsafeRawBufferPointer) -> Void
    ) -> Int {
        var start = 0
        while bytes.count - start >= 2 {
            let (first, second) = (bytes[start], bytes[start + 1] & 0x7f)
            var (header, length) = (2, Int(second))
            if second == 126 {
                guard bytes.count - start >= 4 else { break }
                (header, length) = (4, Int(bytes[start + 2]) << 8 | Int(bytes[start + 3]))
            } else if second == 127 {
                guard bytes.count - start >= 10 else { break }
                header = 10
                length = (0..<8).reduce(0) { $0 << 8 | Int(bytes[start + 2 + $1]) }
            }
            // A length with the top bit set is negative here, and refused like one that never arrives.
            guard length >= 0, length <= bytes.count - start - header else { break }
            frame(first & 0x0f, UnsafeRawBufferPointer(rebasing: bytes[(start + header)..<(start + header + length)]))
            start += header + length
        }
        return start
    }

    /// The code of a close frame's payload, nil when it has none.
    static func closeCode(_ payload: UnsafeRawBufferPointer) -> Int? {
        payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil
    }
}
