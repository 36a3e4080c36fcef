/// What the server refused, by the code of its error frames.
///
/// The server may be any program, so its codes are not trusted: codes that are not plain identifiers, and all codes after
/// the first 31, are counted together as `other`.
struct Refusals {
    private static let error = Array("\"event\":\"error\"".utf8)
    private static let code = Array("\"code\":\"".utf8)
    private static let mostCodes = 32
    private static let others = "other"

    private(set) var counts: [String: Int] = [:]
    private(set) var total = 0

    /// Counts a frame if it is a refusal, and answers if it is one.
    mutating func take(_ payload: UnsafeRawBufferPointer) -> Bool {
        guard payload.end(of: Self.error) != nil, let start = payload.end(of: Self.code) else { return false }
        total += 1
        let code = payload[start...].prefix(64).prefix { $0 != UInt8(ascii: "\"") }
        let name = code.allSatisfy(Self.isPlain) ? String(decoding: code, as: UTF8.self) : Self.others
        let isKnown = counts[name] != nil || counts.count < Self.mostCodes - 1
        counts[isKnown ? name : Self.others, default: 0] += 1
        return true
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
