// Validates UTF-8 by table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above U+10FFFF. The
// check keeps its state between pieces, because fragments may split a character anywhere (RFC 6455 §5.6). So a wrong
// byte is found in the fragment that contains it, without waiting for the rest of the message.

/// Validates UTF-8 text that arrives in pieces.
struct UTF8Check {
    /// How many bytes the current character still needs, and the valid range of the next one.
    private var needed: UInt8 = 0
    private var bounds: ClosedRange<UInt8> = 0x80...0xbf

    /// True if the text so far ends with a complete character.
    var isAtBoundary: Bool { needed == 0 }

    /// Validates the next piece. After it has returned false, the check must not be used any more.
    mutating func accepts(_ piece: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < piece.count {
            if needed == 0 { index = Self.endOfASCII(piece, from: index) }
            guard index < piece.count else { return true }
            guard needed == 0 ? starts(piece[index]) : continues(piece[index]) else { return false }
            index += 1
        }
        return true
    }

    private static func endOfASCII(_ piece: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index + 8 <= piece.count,
            piece.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index += 8
        }
        while index < piece.count, piece[index] < 0x80 { index += 1 }
        return index
    }

    private mutating func starts(_ byte: UInt8) -> Bool {
        bounds = 0x80...0xbf
        switch byte {
        case 0xc2...0xdf: needed = 1
        case 0xe0: (needed, bounds) = (2, 0xa0...0xbf)
        case 0xed: (needed, bounds) = (2, 0x80...0x9f)
        case 0xe1...0xef: needed = 2
        case 0xf0: (needed, bounds) = (3, 0x90...0xbf)
        case 0xf1...0xf3: needed = 3
        case 0xf4: (needed, bounds) = (3, 0x80...0x8f)
        default: return false
        }
        return true
    }

    private mutating func continues(_ byte: UInt8) -> Bool {
        guard bounds.contains(byte) else { return false }
        needed -= 1
        bounds = 0x80...0xbf
        return true
    }
}

extension UTF8Check {
    /// Validates a complete text.
    static func isValid(_ text: some Collection<UInt8>) -> Bool {
        var check = UTF8Check()
        let accepted = text.withContiguousStorageIfAvailable { check.accepts(UnsafeRawBufferPointer($0)) }
        return (accepted ?? false) && check.isAtBoundary
    }
}
