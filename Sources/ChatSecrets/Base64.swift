import COpenSSL

/// Base64 without padding (RFC 4648 §3.2), implemented by OpenSSL.
enum Base64 {
    /// Encodes with the alphabet of section 4: `+` and `/`.
    static func encode(_ bytes: [UInt8]) -> String {
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = Int(EVP_EncodeBlock(&text, bytes, Int32(bytes.count)))
        return String(decoding: text.prefix(count).prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
    }

    /// Encodes with the alphabet of section 5: `-` and `_`, safe in headers and URLs.
    static func encodeForURL(_ bytes: [UInt8]) -> String {
        String(encode(bytes).map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }

    /// Decodes what ``encode(_:)`` produced; nil for any other text, including non-canonical encodings.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let padding = (4 - text.utf8.count % 4) % 4
        let padded = Array(text.utf8) + [UInt8](repeating: UInt8(ascii: "="), count: padding)
        var bytes = [UInt8](repeating: 0, count: padded.count / 4 * 3)
        guard padding < 3, EVP_DecodeBlock(&bytes, padded, Int32(padded.count)) == bytes.count else { return nil }
        let decoded = Array(bytes.dropLast(padding))
        return encode(decoded) == String(text) ? decoded : nil
    }
}
