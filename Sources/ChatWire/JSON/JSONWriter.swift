import ChatCore

/// Writes JSON (RFC 8259) directly as bytes. Members appear in the order of the calls.
package struct JSONWriter {
    package internal(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init(reserving capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    // MARK: Values

    package mutating func object(_ content: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        content(&self)
        close(UInt8(ascii: "}"))
    }

    package mutating func array<Element>(
        _ elements: some Sequence<Element>, _ each: (inout JSONWriter, Element) -> Void
    ) {
        open(UInt8(ascii: "["))
        for element in elements { each(&self, element) }
        close(UInt8(ascii: "]"))
    }

    package mutating func value(_ text: String) {
        quoted { $0.append(text) }
    }

    package mutating func value(_ number: Int64) {
        separate()
        append(decimal: number)
        needsComma = true
    }

    package mutating func value(_ truth: Bool) {
        raw(truth ? "true" : "false")
    }

    package mutating func value(_ moment: Timestamp?) {
        guard let moment else { return raw("null") }
        quoted { json in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { buffer in
                moment.writeRFC3339(into: buffer)
                json.bytes.append(contentsOf: buffer)
            }
        }
    }

    /// Writes JSON that is known to be well formed.
    package mutating func raw(_ json: String) {
        separate()
        bytes.append(contentsOf: json.utf8)
        needsComma = true
    }

    /// Writes JSON that is known to be well formed.
    package mutating func raw(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    // MARK: Members of an object

    /// Writes a name that needs no escapes; its value must follow.
    package mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        colon()
    }

    /// Writes any name; its value must follow.
    package mutating func key(_ name: String) {
        value(name)
        colon()
    }

    package mutating func field(_ name: StaticString, _ text: String) {
        key(name)
        value(text)
    }

    /// Writes a text of two parts without concatenating them first.
    mutating func field(_ name: StaticString, _ start: StaticString, _ end: String) {
        key(name)
        quoted { json in
            json.bytes.append(contentsOf: UnsafeBufferPointer(start: start.utf8Start, count: start.utf8CodeUnitCount))
            json.append(end)
        }
    }

    package mutating func field(_ name: StaticString, _ number: Int64) {
        key(name)
        value(number)
    }

    package mutating func field(_ name: StaticString, _ number: Int) {
        key(name)
        value(Int64(number))
    }

    package mutating func field(_ name: StaticString, _ truth: Bool) {
        key(name)
        value(truth)
    }

    package mutating func field(_ name: StaticString, _ moment: Timestamp?) {
        key(name)
        value(moment)
    }

    // MARK: Bytes

    /// Starts another document after what was already written.
    mutating func beginDocument() {
        needsComma = false
    }

    private mutating func colon() {
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func append(decimal number: Int64) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = number.magnitude
            var index = 20
            repeat {
                index -= 1
                digits[index] = UInt8(48 + rest % 10)
                rest /= 10
            } while rest > 0
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[index..<20]))
        }
    }

    private mutating func quoted(_ content: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        content(&self)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }
}

// MARK: Escapes

extension JSONWriter {
    /// Appends text; copies runs of plain bytes at once and escapes what RFC 8259 §7 requires.
    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { text in
            var start = 0
            while start < text.count {
                let end = Self.endOfPlain(text, from: start)
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<end]))
                if end < text.count { appendEscape(text[end]) }
                start = end + 1
            }
        }
    }

    /// The index of the first byte that needs an escape. Tests eight bytes at a time.
    private static func endOfPlain(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(text)
        var index = start
        while index + 8 <= text.count, !mayNeedEscape(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
            index += 8
        }
        while index < text.count, text[index] >= 0x20, text[index] != 0x22, text[index] != 0x5c { index += 1 }
        return index
    }

    /// True if one of eight bytes is below 0x20, a quotation mark or a backslash; may be true for other bytes.
    private static func mayNeedEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        func hasBelow(_ word: UInt64, _ bound: UInt64) -> UInt64 { (word &- ones &* bound) & ~word }
        let found = hasBelow(word, 0x20) | hasBelow(word ^ ones &* 0x22, 1) | hasBelow(word ^ ones &* 0x5c, 1)
        return found & (ones &* 0x80) != 0
    }

    private mutating func appendEscape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x22, 0x5c: bytes.append(byte)
        case 0x0a: bytes.append(UInt8(ascii: "n"))
        case 0x0d: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(48 + byte >> 4)
            let low = byte & 15
            bytes.append(low < 10 ? 48 + low : 87 + low)
        }
    }
}
