import ChatCore

/// Moments in pages without a script, which do not know the reader's zone: in UTC, and they say so.
enum PageTime {
    /// `2026-11-23 17:26 UTC`.
    static func minute(_ moment: Timestamp) -> String {
        let text = moment.rfc3339
        guard text.count > 16 else { return text }
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }

    /// The same; "never" for no moment.
    static func minute(_ moment: Timestamp?, orNot words: String) -> String { moment.map(minute) ?? words }

    /// `17:26`.
    static func clock(_ moment: Timestamp) -> String { String(moment.rfc3339.dropFirst(11).prefix(5)) }
}
