import ChatCore

/// Messages with ids in a row, and what may be found in them.
struct SearchBlock: Sendable {
    let first: Int64
    let last: Int64
    var filter: GramFilter

    /// How many messages a block has, and how many bytes of text it has at least when it has fewer.
    static let messages = 128
    static let bytes = 65_536
    /// How many blocks one transaction writes.
    static let atOnce = 64

    /// The block that begins after the message `end`.
    ///
    /// - Parameter rows: the ids and bodies of the messages that follow, at most ``messages``.
    /// - Returns: nil if they are too few to fill it.
    init?(after end: Int64, _ rows: SQLRows) throws(ChatError) {
        var (texts, size, last): ([FoldedText], Int, Int64) = ([], 0, end)
        for row in rows where size < Self.bytes {
            let text = FoldedText(try row.text(1))
            texts.append(text)
            size += text.bytes.count
            last = try row.integer(0)
        }
        guard texts.count == Self.messages || size >= Self.bytes else { return nil }
        var filter = GramFilter(bytesOfText: size)
        for text in texts { filter.add(text) }
        first = end + 1
        self.last = last
        self.filter = filter
    }
}
