import ChatTerminal

// What a server answers is looked at as bytes: the generator must cost less than what it measures.

/// The frame that says a message is stored.
enum AckFrame {
    private static let name = Array("\"ack\"".utf8)
    private static let ref = Array("\"ref\":".utf8)

    /// The number that was sent as `ref`, nil for any other frame.
    static func ref(in payload: UnsafeRawBufferPointer) -> Int? {
        guard payload.end(of: name) != nil, var index = payload.end(of: ref) else { return nil }
        while index < payload.count, payload[index] == UInt8(ascii: " ") { index += 1 }
        var value: Int?
        while index < payload.count, payload[index] >= 0x30, payload[index] <= 0x39 {
            value = (value ?? 0) * 10 + Int(payload[index] - 0x30)
            index += 1
        }
        return value
    }
}

/// The answer to a join.
enum JoinedFrame {
    private static let name = Array("\"joined\"".utf8)
    private static let event = Array("\"event\":".utf8)

    /// Presence frames hold the same word, as a list of names.
    static func isOne(_ payload: UnsafeRawBufferPointer) -> Bool {
        guard let start = payload.end(of: event) else { return false }
        let word = UnsafeRawBufferPointer(rebasing: payload[start...].drop { $0 == UInt8(ascii: " ") })
        return word.count >= name.count && (0..<name.count).allSatisfy { word[$0] == name[$0] }
    }
}

/// What the server refused, by the code of its answers.
struct Refusals {
    private static let error = Array("\"event\":\"error\"".utf8)
    private static let code = Array("\"code\":\"".utf8)

    private(set) var counts: [String: Int] = [:]
    private(set) var total = 0

    /// Counts a frame if it is a refusal; whether it is one.
    mutating func take(_ payload: UnsafeRawBufferPointer) -> Bool {
        guard payload.end(of: Self.error) != nil, let start = payload.end(of: Self.code) else { return false }
        total += 1
        let code = payload[start...].prefix(64).prefix { $0 != UInt8(ascii: "\"") }
        // A server gives a handful of codes; one that makes up more is not followed.
        let name = Harmless.text(String(decoding: code, as: UTF8.self))
        if counts.count < 32 || counts[name] != nil { counts[name, default: 0] += 1 }
        return true
    }
}

extension UnsafeRawBufferPointer {
    /// Where the bytes behind the first `needle` begin, within the first 128.
    func end(of needle: [UInt8]) -> Int? {
        var start = 0
        while start + needle.count <= Swift.min(count, 128) {
            if (0..<needle.count).allSatisfy({ self[start + $0] == needle[$0] }) { return start + needle.count }
            start += 1
        }
        return nil
    }
}
