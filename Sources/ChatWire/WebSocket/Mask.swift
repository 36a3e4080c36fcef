/// Masks clients' payloads (RFC 6455 §5.3); applying it twice restores the original.
enum Mask {
    /// Masks a whole payload in place, eight bytes at a time.
    static func apply(_ key: UInt32, to payload: UnsafeMutableRawBufferPointer) {
        // The byte order in memory matches the wire: the first byte of the key applies to the first byte of the
        // payload.
        let wide = (UInt64(key) << 32 | UInt64(key)).bigEndian
        var index = 0
        while index + 8 <= payload.count {
            let word = payload.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            payload.storeBytes(of: word ^ wide, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < payload.count {
            payload[index] ^= UInt8(truncatingIfNeeded: key >> (24 - 8 * UInt32(index & 3)))
            index += 1
        }
    }
}
