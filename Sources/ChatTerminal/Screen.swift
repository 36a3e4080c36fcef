import ChatCore
import Glibc
import Synchronization

/// The two output channels of a command; everything is written at once, nothing is held back.
struct Terminal: Sendable {
    let isQuiet: Bool
    let isVerbose: Bool
    let usesColor: Bool
    /// Whether a person looks at standard output, so that foreign text must be made harmless.
    let isInteractive: Bool

    init(isQuiet: Bool, isVerbose: Bool, color: ColorWish) {
        self.isQuiet = isQuiet
        self.isVerbose = isVerbose
        isInteractive = isatty(STDOUT_FILENO) == 1
        usesColor =
            switch color {
            case .always: true
            case .never: false
            case .auto: isInteractive && getenv("NO_COLOR") == nil
            }
    }

    /// A line of results.
    func line(_ text: String) { Self.write(Array((text + "\n").utf8), to: STDOUT_FILENO) }

    /// A JSON document in one line.
    func document(_ bytes: [UInt8]) { Self.write(bytes + [UInt8(ascii: "\n")], to: STDOUT_FILENO) }

    /// Something a person may want to know.
    func notice(_ text: String) {
        guard !isQuiet else { return }
        Self.write(Array((text + "\n").utf8), to: STDERR_FILENO)
    }

    /// What is going on, on a line that the next one replaces; only where a person looks at it.
    func progress(_ text: String) {
        guard !isQuiet, isatty(STDERR_FILENO) == 1 else { return }
        Self.write(Array("\r\u{1b}[K\(text)".utf8), to: STDERR_FILENO)
    }

    /// Text that other users wrote, harmless where a person looks at it.
    func harmless(_ text: String) -> String {
        isInteractive ? Harmless.text(text) : text
    }

    func bold(_ text: String) -> String { usesColor ? "\u{1b}[1m\(text)\u{1b}[0m" : text }

    func dim(_ text: String) -> String { usesColor ? "\u{1b}[2m\(text)\u{1b}[0m" : text }

    static func error(_ error: ChatError, asJSON: Bool) {
        if asJSON {
            write(JSONOutput.error(error) + [UInt8(ascii: "\n")], to: STDERR_FILENO)
            return
        }
        let hint = error.hint.map { "\nhint: \($0)" } ?? ""
        let text = "chatctl: \(error.message)\(hint)\n"
        write(
            Array((isatty(STDERR_FILENO) == 1 ? Harmless.text(text, keepingLines: true) : text).utf8), to: STDERR_FILENO
        )
    }

    /// Writes everything; a closed pipe ends the command quietly.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE, descriptor == STDOUT_FILENO {
                exit(0)
            } else if errno != EINTR {
                return
            }
        }
    }
}

/// Whether output is coloured.
enum ColorWish: String, CaseIterable, Sendable {
    case auto
    case always
    case never
}

/// Shows control characters instead of letting a terminal obey them.
enum Harmless {
    static func text(_ text: String, keepingLines: Bool = false) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if isHarmless(scalar) || keepingLines && scalar == "\n" {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            }
        }
        return result
    }

    /// Controls obey, and the bidirectional marks (UAX #9) can make a line read as another.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1f, 0x7f...0x9f, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: false
        default: true
        }
    }
}
