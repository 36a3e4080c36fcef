/// The text of a message: always valid, that is, not blank, within ``Limits/bodyBytes`` and without U+0000.
package struct MessageBody: Hashable, Sendable {
    package let text: String

    /// - Throws: `invalidBody` with a message for the form field.
    package init(_ text: String) throws(ChatError) {
        if text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            throw Self.refusal("This field may not be blank.")
        }
        if text.utf8.count > Limits.bodyBytes {
            throw Self.refusal("Ensure this field has no more than \(Limits.bodyBytes) bytes.")
        }
        if text.utf8Count(where: { $0 == 0 }) > 0 { throw Self.refusal("Null characters are not allowed.") }
        self.text = text
    }

    /// For text that was validated before it was stored, and for the empty body of a deleted message.
    package init(stored text: String) {
        self.text = text
    }

    /// The most bytes that the body takes as a JSON string: a control character becomes six. What is sent is bounded in these
    /// bytes, not in those of the body.
    package var sentBytes: Int { Self.sentBytes(of: text) }

    static func sentBytes(of text: String) -> Int {
        let controls = text.utf8Count { $0 < 0x20 }
        let escaped = text.utf8Count { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
        return 2 + text.utf8.count + 5 * controls + escaped
    }

    /// The error for a frame or form without a body.
    package static var missing: ChatError { refusal("This field is required.") }

    private static func refusal(_ why: String) -> ChatError {
        ChatError(.invalidBody, "body: \(why)", fields: ["body": [why]])
    }
}

/// An id chosen by the sender that makes posting idempotent: a retry with the same id stores nothing twice.
package struct ClientID: Hashable, Sendable {
    package let text: String

    /// - Throws: `invalidInput` when it is empty, longer than ``Limits/clientIDBytes`` or holds a control character.
    package init(_ text: String) throws(ChatError) {
        guard (1...Limits.clientIDBytes).contains(text.utf8.count), !text.utf8.contains(where: { $0 < 32 }) else {
            throw ChatError(
                .invalidInput, "client_id: not 1 to \(Limits.clientIDBytes) bytes without control characters",
                fields: ["client_id": ["Use 1 to \(Limits.clientIDBytes) bytes."]])
        }
        self.text = text
    }
}
