/// The rule for usernames and room names: lower-case ASCII letters, digits, `_`, `.` and `-`, with a letter or digit
/// first.
package enum Name {
    /// Folds `text` to lower case and validates it.
    ///
    /// - Throws: `invalidInput` with `kind` and the rule.
    static func validated(_ text: String, kind: String, longest: Int) throws(ChatError) -> String {
        // ASCII only: Unicode folding would turn U+212A, the Kelvin sign, into an accepted 'k'.
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

/// The rule for free text of limited length: a topic, a display name, a biography, a label.
package enum FreeText {
    /// Returns `text` if it is acceptable.
    ///
    /// - Throws: `invalidInput` when `text` is longer than `longest` characters or contains U+0000.
    package static func validated(_ text: String, field: String, longest: Int) throws(ChatError) -> String {
        guard text.unicodeScalars.count <= longest, !text.utf8.contains(0) else {
            throw ChatError(
                .invalidInput, "\(field): longer than \(longest) characters or holds U+0000",
                fields: [field: ["At most \(longest) characters."]])
        }
        return text
    }
}
