/// The name of an account, always valid and in lower case.
package struct Username: Hashable, Comparable, Sendable, CustomStringConvertible, Codable {
    package let text: String

    /// - Throws: `invalidInput` when `text` is not a valid name (see ``Name``).
    package init(_ text: String) throws(ChatError) {
        self.text = try Name.validated(text, kind: "username", longest: 32)
    }

    /// For text that was validated before it was stored.
    package init(stored text: String) {
        self.text = text
    }

    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var description: String { text }

    package static func < (left: Username, right: Username) -> Bool { left.text < right.text }
}
