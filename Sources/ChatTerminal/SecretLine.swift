/// A line that is typed without being shown, key by key. It decides without I/O what each byte means.
///
/// The terminal interprets nothing meanwhile: not every terminal is one that sends signals for Ctrl-C to this process, and
/// a key that is not understood must not become a part of a password.
struct SecretLine {
    /// What a byte leads to.
    enum Step: Equatable {
        case more
        /// The line is complete.
        case done([UInt8])
        /// Ctrl-D on an empty line: there is none.
        case ended
        /// Ctrl-C or Ctrl-\.
        case interrupted
    }

    /// Where in an escape sequence, such as an arrow key's, the last byte was; see ECMA-48 §5.4.
    private enum Escape {
        case none
        case begun
        case inside
    }

    /// Longer than any password; what is typed beyond it is not kept.
    private static let longest = 4_096

    private var bytes: [UInt8] = []
    private var escape = Escape.none

    mutating func take(_ byte: UInt8) -> Step {
        guard !isInEscape(byte) else { return .more }
        switch byte {
        case 0x0a, 0x0d: return .done(bytes)
        case 0x03, 0x1c: return .interrupted
        case 0x04: return bytes.isEmpty ? .ended : .more
        case 0x08, 0x7f: eraseCharacter()
        case 0x15, 0x17: bytes = []
        case 0x1b: escape = .begun
        case 0x00..<0x20: break
        default: if bytes.count < Self.longest { bytes.append(byte) }
        }
        return .more
    }

    private mutating func isInEscape(_ byte: UInt8) -> Bool {
        switch escape {
        case .none: return false
        case .begun:
            escape = byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O") ? .inside : .none
            // Anything else is a key of its own, or one that was pressed with Alt.
            return escape == .inside
        case .inside:
            if (0x40...0x7e).contains(byte) { escape = .none }
            return byte >= 0x20
        }
    }

    private mutating func eraseCharacter() {
        while let last = bytes.popLast(), last & 0xc0 == 0x80 {}
    }
}
