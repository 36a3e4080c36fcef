/// Random text for names that must be unique without asking anyone.
package enum RandomText {
    /// - Parameter bytes: how much randomness; the text has two digits for each.
    package static func hex(bytes: Int) -> String {
        String((0..<bytes * 2).compactMap { _ in "0123456789abcdef".randomElement() })
    }
}
