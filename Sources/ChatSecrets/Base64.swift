import COpenSSL

/// Base64 without padding (RFC 4648 §3.2), by way of OpenSSL.
enum Base64 {
    /// With the alphabet of section 4, `+` and `/`.
    static func encode(_ bytes: [UInt8]) -> String {
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = Int(EVP_EncodeBlock(&text, bytes, Int32(bytes.count)))
        return String(decoding: text.prefix(count).prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
    }

    /// With the alphabet of section 5, `-` and `_`, which is safe in headers and URLs.
    static func encodeForURL(_ bytes: [UInt8]) -> String {
        String(encode(bytes).map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }

    /// The bytes of what ``encode(_:)`` wrote; nil for any other text, also one that merely decodes to the same.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let padding = (4 - text.utf8.count % 4) % 4
        let padded = Array(text.utf8) + [UInt8](repeating: UInt8(ascii: "="), count: padding)
        var bytes = [UInt8](repeating: 0, count: padded.count / 4 * 3)
        guard padding < 3, EVP_DecodeBlock(&bytes, padded, Int32(padded.count)) == bytes.count else { return nil }
        let decoded = Array(bytes.dropLast(padding))
        return encode(decoded) == String(text) ? decoded : nil
    }
}
