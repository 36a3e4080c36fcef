// Scans one JSON document (RFC 8259) without building a tree: the whole text is checked against the grammar, but only
// the positions of the top-level object's values are kept. A frame costs one pass over its bytes and one string for
// each field that is used. Everything that clients send is read by it, over WebSocket and HTTP alike, so both follow the
// same rules: UTF-8 without a byte order mark, no name twice in an object, a bounded depth. Rejected: a general decoder,
// which costs about ten times as much per frame, also accepts UTF-16, takes one of several equal names, and cannot
// return the exact bytes of a client's `ref`.

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

    /// The reason a text is refused.
    enum Fault: Error, Equatable {
        case notJSON
        case tooDeep
        /// RFC 8259 §4 leaves the meaning of equal names open, so two readers could see two different requests.
        case repeatedName(String)

        /// The reason in words.
        var reason: String {
            switch self {
            case .notJSON: "not JSON"
            case .tooDeep: "JSON nested more than \(JSONScanner.deepest) deep"
            case .repeatedName(let name): "the name '\(name.prefix(100))' stands twice in a JSON object"
            }
        }
    }

    /// The maximum nesting depth of arrays and objects; a frame needs one level.
    static let deepest = 64

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Calls `member` with each name and value of the top-level object, in order.
    ///
    /// - Returns: false if the text is JSON but not an object.
    /// - Throws: the reason a text is refused; members before the fault have been reported by then.
    mutating func members(_ member: (String, Value) -> Void) throws(Fault) -> Bool {
        skipSpace()
        let isObject = peek() == UInt8(ascii: "{")
        if isObject { try object(depth: 1, member) } else { _ = try value(depth: 0) }
        skipSpace()
        guard index == bytes.count else { throw .notJSON }
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
        guard depth <= Self.deepest else { throw .tooDeep }
        index += 1
        skipSpace()
        if take("}") { return }
        var names = JSONNames()
        repeat {
            skipSpace()
            let start = index
            guard let name = text(of: Value(kind: .string(hasEscapes: try string()), range: start..<index)) else {
                throw .notJSON
            }
            guard names.insert(name) else { throw .repeatedName(name) }
            skipSpace()
            guard take(":") else { throw .notJSON }
            let value = try value(depth: depth)
            if depth == 1 { member(name, value) }
            skipSpace()
        } while take(",")
        guard take("}") else { throw .notJSON }
    }

    private mutating func array(depth: Int) throws(Fault) {
        guard depth <= Self.deepest else { throw .tooDeep }
        index += 1
        skipSpace()
        if take("]") { return }
        repeat {
            _ = try value(depth: depth)
            skipSpace()
        } while take(",")
        guard take("]") else { throw .notJSON }
    }

    /// Skips a string. Returns true if it contains escapes.
    private mutating func string() throws(Fault) -> Bool {
        guard take("\"") else { throw .notJSON }
        var hasEscapes = false
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return hasEscapes
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape()
            case ..<0x20: throw .notJSON
            default: break
            }
        }
        throw .notJSON
    }

    private mutating func escape() throws(Fault) {
        guard index < bytes.count else { throw .notJSON }
        let letter = bytes[index]
        index += 1
        if JSONText.meaning(of: letter) != nil { return }
        guard letter == UInt8(ascii: "u"), JSONText.hex(bytes[index...].prefix(4)) != nil else { throw .notJSON }
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
        guard index > start else { throw .notJSON }
    }

    private mutating func literal(_ word: StaticString) throws(Fault) {
        let word = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[index...].starts(with: word) else { throw .notJSON }
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
        let inner = value.range.lowerBound + 1..<value.range.upperBound - 1
        guard !hasEscapes else { return String(validating: JSONText.unescaped(bytes[inner]), as: UTF8.self) }
        // Most strings of a frame are short and ASCII; the initializer for any collection costs several times as much.
        guard let text = try? UTF8Span(validating: bytes.span.extracting(inner)) else { return nil }
        return String(copying: text)
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

    /// The elements of an array; nil for other kinds.
    func elements(of value: Value) -> [Value]? {
        guard bytes[value.range].first == UInt8(ascii: "[") else { return nil }
        var scanner = self
        scanner.index = value.range.lowerBound + 1
        var elements: [Value] = []
        scanner.skipSpace()
        // The text was scanned before, so nothing in it can fail now.
        while !scanner.take("]"), let element = try? scanner.value(depth: 1) {
            elements.append(element)
            scanner.skipSpace()
            _ = scanner.take(",")
            scanner.skipSpace()
        }
        return elements
    }

    /// The value of `true` or `false`; nil for other values.
    func flag(of value: Value) -> Bool? {
        switch bytes[value.range].first {
        case UInt8(ascii: "t"): true
        case UInt8(ascii: "f"): false
        default: nil
        }
    }

    /// The bytes of the value exactly as sent.
    func raw(_ value: Value) -> ArraySlice<UInt8> { bytes[value.range] }
}
