// Search compares text in one form on every database: canonical composition (NFC) after Unicode case folding, as UTF-8.
// The standard library maps case one way only, so a scalar is folded by mapping it to lower, upper and lower case, which unites
// "ẞ" and "ß" with "SS" and "ς" with "σ". Bytes that are ASCII, which is most of them, take a path without tables, and scripts
// without combining marks below U+0530 one with a single table.

@_spi(_Unicode) import Swift

/// Text in the form in which search compares it (Unicode 15, section 3.13: caseless matching; UAX #15: NFC).
struct FoldedText: Equatable, Sendable {
    let bytes: [UInt8]

    init(_ text: String) {
        bytes = Self.ascii(text) ?? Self.simple(text) ?? Array(Self.canonical(text).utf8)
    }

    /// Nil if the text is not ASCII.
    private static func ascii(_ text: String) -> [UInt8]? {
        text.utf8.withContiguousStorageIfAvailable { utf8 -> [UInt8]? in
            var all: UInt8 = 0
            for byte in utf8 { all |= byte }
            guard all < 0x80 else { return nil }
            return utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        } ?? nil
    }

    /// Nil if a scalar of the text has no entry in ``table``.
    private static func simple(_ text: String) -> [UInt8]? {
        var folded: [UInt8] = []
        folded.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            guard scalar.value < table.count else { return nil }
            let value = table[Int(scalar.value)]
            if value < 0x80 {
                guard value != 0 else { return nil }
                folded.append(UInt8(value))
            } else {
                folded.append(0xC0 | UInt8(value >> 6))
                folded.append(0x80 | UInt8(value & 0x3F))
            }
        }
        return folded
    }

    /// The folded form of each scalar whose form is one scalar of at most two bytes whatever surrounds it; 0 for the
    /// others.
    private static let table: [UInt16] = (0..<0x530).map { value in
        guard let scalar = Unicode.Scalar(value), scalar.properties.canonicalCombiningClass == .notReordered else {
            return 0
        }
        let folded = canonical(String(Character(scalar))).unicodeScalars
        guard folded.count == 1, let only = folded.first, only.value < 0x800 else { return 0 }
        return UInt16(only.value)
    }

    private static func canonical(_ text: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text._nfc {
            // Upper case would unite the dotless i with the dotted one, which full case folding does not.
            guard scalar != "\u{131}" else {
                folded.append(scalar)
                continue
            }
            folded.append(contentsOf: scalar.properties.lowercaseMapping.uppercased().lowercased().unicodeScalars)
        }
        var composed = String.UnicodeScalarView()
        for scalar in String(folded)._nfc { composed.append(scalar) }
        return String(composed)
    }
}
