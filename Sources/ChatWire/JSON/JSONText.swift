/// The escapes of JSON strings (RFC 8259 §7).
enum JSONText {
    /// The meaning of a letter after a backslash; nil for `u` and for invalid letters.
    static func meaning(of letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// The value of four hexadecimal digits; nil for anything else.
    static func hex(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard digits.count == 4 else { return nil }
        var number: UInt16 = 0
        for digit in digits {
            switch digit {
            case 48...57: number = number << 4 | UInt16(digit - 48)
            case 65...70: number = number << 4 | UInt16(digit - 55)
            case 97...102: number = number << 4 | UInt16(digit - 87)
            default: return nil
            }
        }
        return number
    }

    /// Resolves the escapes of well-formed text; half a surrogate pair becomes invalid UTF-8.
    static func unescaped(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var plain: [UInt8] = []
        plain.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let letter = rest.popFirst() else {
                plain.append(byte)
                continue
            }
            if let meaning = meaning(of: letter) { plain.append(meaning) } else { appendUnit(from: &rest, to: &plain) }
        }
        return plain[...]
    }

    /// Appends the character of `XXXX`, or of the pair `XXXX\uXXXX`.
    private static func appendUnit(from rest: inout ArraySlice<UInt8>, to plain: inout [UInt8]) {
        var units = [hex(rest.prefix(4)) ?? 0xd800]
        rest = rest.dropFirst(4)
        if UTF16.isLeadSurrogate(units[0]), rest.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]),
            let second = hex(rest.dropFirst(2).prefix(4)), UTF16.isTrailSurrogate(second)
        {
            units.append(second)
            rest = rest.dropFirst(6)
        }
        guard let text = String(validating: units, as: UTF16.self) else { return plain.append(0xff) }
        plain.append(contentsOf: text.utf8)
    }
}
