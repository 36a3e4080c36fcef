/// Shows what a terminal would obey, instead of letting it.
package enum Harmless {
    /// Replaces controls, line ends among them, and direction marks by `\u{…}`.
    package static func text(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if isHarmless(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            }
        }
        return result
    }

    /// Replaces line ends by `\u{a}`, so that text in a line forges no other line, whoever reads it.
    package static func oneLine(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "\n")) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" { result += "\\u{a}" } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }

    /// Replaces the same characters in a JSON document by its escapes. They stand in strings only, where C0 controls are
    /// escaped already.
    package static func json(_ bytes: [UInt8]) -> [UInt8] {
        var result = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if isHarmless(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            }
        }
        return Array(result.utf8)
    }

    /// A terminal obeys C0 and C1 controls; marks of direction (UAX #9) make one line read as another.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1f, 0x7f...0x9f, 0x061c, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: false
        default: true
        }
    }
}
