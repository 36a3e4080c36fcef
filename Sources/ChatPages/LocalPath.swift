/// Where to go after a log-in: a path of this server and nothing else, so that no link to our log-in page leads somewhere
/// else afterwards.
struct LocalPath: Sendable, Equatable {
    let text: String

    /// Nil for what a browser could read as an address on another host: `//host`, `/\host`, and with control characters,
    /// which browsers pass over.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.count <= 2_048,
            bytes.count < 2 || (bytes[1] != UInt8(ascii: "/") && bytes[1] != UInt8(ascii: "\\")),
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = text
    }

    /// The chat.
    static var chat: String { "/chat" }
}
