import COpenSSL

/// Base64 for URLs and headers, without padding (RFC 4648 §5), by way of OpenSSL's plain base64.
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = Int(EVP_EncodeBlock(&text, bytes, Int32(bytes.count)))
        let mapped = text.prefix(count).compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: byte
            }
        }
        return String(decoding: mapped, as: UTF8.self)
    }

    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var plain = text.utf8.map { byte -> UInt8 in
            byte == UInt8(ascii: "-") ? UInt8(ascii: "+") : byte == UInt8(ascii: "_") ? UInt8(ascii: "/") : byte
        }
        let padding = (4 - plain.count % 4) % 4
        plain += Array(repeating: UInt8(ascii: "="), count: padding)
        var bytes = [UInt8](repeating: 0, count: plain.count / 4 * 3)
        guard padding < 3, EVP_DecodeBlock(&bytes, plain, Int32(plain.count)) >= 0 else { return nil }
        return Array(bytes.dropLast(padding))
    }
}
