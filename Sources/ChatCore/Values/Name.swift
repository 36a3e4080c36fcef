/// What usernames and room names share: lower-case ASCII letters, digits, `_`, `.` and `-`, not starting with a mark.
package enum Name {
    /// Folds `text` to lower case and checks it.
    ///
    /// - Throws: `invalidInput` that names `kind` and the rule.
    static func validated(_ text: String, kind: String, longest: Int) throws(ChatError) -> String {
        // ASCII only: Unicode folds U+212A, the Kelvin sign, to 'k' and would let it pass for one.
        let folded = String(
            decoding: text.utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        let bytes = folded.utf8
        guard let first = bytes.first, isLetterOrDigit(first), bytes.count <= longest,
            bytes.allSatisfy({ isLetterOrDigit($0) || $0 == 0x5f || $0 == 0x2e || $0 == 0x2d })
        else {
            throw ChatError(
                .invalidInput, "\(kind) '\(text.prefix(140))': not a valid name",
                hint: "use 1 to \(longest) of a-z, 0-9, '_', '.' and '-', with a letter or digit first",
                fields: [kind: ["Use 1 to \(longest) of a-z, 0-9, _ . - with a letter or digit first."]])
        }
        return folded
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
    }
}

/// Free text of bounded length in one line or more: a topic, a display name, a biography, a label.
package enum FreeText {
    /// - Throws: `invalidInput` when `text` is longer than `longest` characters or holds U+0000.
    package static func validated(_ text: String, field: String, longest: Int) throws(ChatError) -> String {
        guard text.unicodeScalars.count <= longest, !text.utf8.contains(0) else {
            throw ChatError(
                .invalidInput, "\(field): longer than \(longest) characters or holds U+0000",
                fields: [field: ["At most \(longest) characters."]])
        }
        return text
    }
}
