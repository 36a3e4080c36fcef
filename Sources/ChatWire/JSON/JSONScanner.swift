// Scans one JSON document (RFC 8259) without building a tree: the whole text is checked against the grammar, but only
// the positions of the top-level object's values are kept. A frame costs one pass over its bytes and one string for
// each field that is used. Rejected: a general decoder, which costs about ten times as much per frame, also accepts
// UTF-16, and cannot return the exact bytes of a client's `ref`.

/// Validates a JSON text and locates the members of its top-level object.
struct JSONScanner {
    /// A value of the top-level object, as a position in the text.
    struct Value {
        enum Kind {
            case null
            case string(hasEscapes: Bool)
            case number
            /// A Boolean, an object or an array.
            case other
        }

        let kind: Kind
        let range: Range<Int>
    }

    /// The text is not JSON.
    struct Fault: Error {}

    /// The maximum nesting depth of arrays and objects; a frame needs one level.
    private static let deepest = 64

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Calls `member` with each name and value of the top-level object, in order.
    ///
    /// - Returns: false if the text is JSON but not an object.
    /// - Throws: `Fault` if the text is not JSON; members before the fault have been reported by then.
    mutating func members(_ member: (String, Value) -> Void) throws(Fault) -> Bool {
        skipSpace()
        let isObject = peek() == UInt8(ascii: "{")
        if isObject { try object(depth: 1, member) } else { _ = try value(depth: 0) }
        skipSpace()
        guard index == bytes.count else { throw Fault() }
        return isObject
    }

    // MARK: Grammar (RFC 8259 §2 to §7)

    private mutating func value(depth: Int) throws(Fault) -> Value {
        skipSpace()
        let start = index
        var kind = Value.Kind.other
        switch peek() {
        case UInt8(ascii: "\""): kind = .string(hasEscapes: try string())
        case UInt8(ascii: "{"): try object(depth: depth + 1) { _, _ in }
        case UInt8(ascii: "["): try array(depth: depth + 1)
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"):
            try literal("null")
            kind = .null
        default:
            try number()
            kind = .number
        }
        return Value(kind: kind, range: start..<index)
    }

    private mutating func object(depth: Int, _ member: (String, Value) -> Void) throws(Fault) {
        guard depth <= Self.deepest else { throw Fault() }
        index += 1
        skipSpace()
        if take("}") { return }
        repeat {
            skipSpace()
            let start = index
            let name = Value(kind: .string(hasEscapes: try string()), range: start..<index)
            skipSpace()
            guard take(":") else { throw Fault() }
            let value = try value(depth: depth)
            if depth == 1, let name = text(of: name) { member(name, value) }
            skipSpace()
        } while take(",")
        guard take("}") else { throw Fault() }
    }

    private mutating func array(depth: Int) throws(Fault) {
        guard depth <= Self.deepest else { throw Fault() }
        index += 1
        skipSpace()
        if take("]") { return }
        repeat {
            _ = try value(depth: depth)
            skipSpace()
        } while take(",")
        guard take("]") else { throw Fault() }
    }

    /// Skips a string. Returns true if it contains escapes.
    private mutating func string() throws(Fault) -> Bool {
        guard take("\"") else { throw Fault() }
        var hasEscapes = false
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return hasEscapes
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape()
            case ..<0x20: throw Fault()
            default: break
            }
        }
        throw Fault()
    }

    private mutating func escape() throws(Fault) {
        guard index < bytes.count else { throw Fault() }
        let letter = bytes[index]
        index += 1
        if JSONText.meaning(of: letter) != nil { return }
        guard letter == UInt8(ascii: "u"), JSONText.hex(bytes[index...].prefix(4)) != nil else { throw Fault() }
        index += 4
    }

    private mutating func number() throws(Fault) {
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        guard take("e") || take("E") else { return }
        _ = take("+") || take("-")
        try digits()
    }

    private mutating func digits() throws(Fault) {
        let start = index
        while index < bytes.count, (48...57).contains(bytes[index]) { index += 1 }
        guard index > start else { throw Fault() }
    }

    private mutating func literal(_ word: StaticString) throws(Fault) {
        let word = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[index...].starts(with: word) else { throw Fault() }
        index += word.count
    }

    private func peek() -> UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: mark) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { index += 1 }
    }
}

extension JSONScanner {
    /// The text of a string; nil for other kinds and for invalid Unicode, such as half a surrogate pair.
    func text(of value: Value) -> String? {
        guard case .string(let hasEscapes) = value.kind else { return nil }
        let inner = bytes[value.range].dropFirst().dropLast()
        return String(validating: hasEscapes ? JSONText.unescaped(inner) : inner, as: UTF8.self)
    }

    /// The value of a whole number, also when written as `45.0` or `4.5e1`; nil for any other value.
    func integer(of value: Value) -> Int64? {
        guard case .number = value.kind else { return nil }
        let number = String(decoding: bytes[value.range], as: UTF8.self)
        return Int64(number) ?? Self.whole(number)
    }

    /// Converts a number with a decimal point or an exponent digit by digit, because `Double` would round it.
    private static func whole(_ number: String) -> Int64? {
        let parts = number.split { $0 == "e" || $0 == "E" }
        let decimal = parts[0].split(separator: ".")
        let digits = decimal.joined()
        guard digits.contains(where: { $0 != "-" && $0 != "0" }) else { return 0 }
        guard let exponent = parts.count == 2 ? Int32(parts[1]) : 0 else { return nil }
        let zeros = Int(exponent) - (decimal.count == 2 ? decimal[1].count : 0)
        if zeros >= 0 { return zeros < 19 ? Int64(digits + String(repeating: "0", count: zeros)) : nil }
        let isWhole = digits.count > -zeros && digits.suffix(-zeros).allSatisfy { $0 == "0" }
        return isWhole ? Int64(digits.dropLast(-zeros)) : nil
    }

    /// The bytes of the value exactly as sent.
    func raw(_ value: Value) -> ArraySlice<UInt8> { bytes[value.range] }
}

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
