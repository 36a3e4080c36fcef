import ChatCore

// A search reads ids and bodies, newest first, compares them here, and then fetches the hits with their rooms, as far as the
// reader may see them. It takes one of two ways: through a small room along its log; otherwise through the messages that the
// index does not cover yet, and then through the blocks that may hold the pattern.

/// One search in progress, in one session.
struct SearchScan {
    /// Where to search, as SQL conditions on the messages `m` and the rooms `r`, with their arguments.
    struct Bounds: Sendable {
        var room: RoomID?
        var author: UserID?
        /// Only messages with smaller ids.
        var before: Int64 = .max
        /// The condition that the reader may see a room; its first placeholder is `$1`.
        var visible: String?
        var arguments: [SQLValue] = []
    }

    private let session: any SQLSession
    private let dialect: SQLDialect
    private let pattern: SearchPattern
    private let bounds: Bounds
    private let limit: Int
    private let deadline: ContinuousClock.Instant
    /// Newest first.
    private var hits: [Message] = []

    /// The rooms that are read along their own log, by their number of messages.
    private static let smallRoom: Int64 = 20_000
    private static let page = 512
    private static let blocksAtOnce = 16

    init(
        _ session: any SQLSession, _ dialect: SQLDialect, for text: String, _ bounds: Bounds, limit: Int,
        deadline: ContinuousClock.Instant
    ) {
        self.session = session
        self.dialect = dialect
        pattern = SearchPattern(text)
        self.bounds = bounds
        self.limit = limit
        self.deadline = deadline
    }

    /// The newest hits, in ascending order of their ids.
    ///
    /// - Throws: `unavailable` when the deadline passes.
    mutating func run() throws(ChatError) -> [Message] {
        if let room = bounds.room, try length(of: room) <= Self.smallRoom {
            try scanRoom(room)
        } else {
            let indexed = try SQLStore.indexedID(session)
            try scanTail(after: indexed)
            try scanBlocks(upTo: indexed)
        }
        return hits.reversed()
    }

    private func length(of room: RoomID) throws(ChatError) -> Int64 {
        try session.query("SELECT last_seq FROM rooms WHERE id = $1", [.room(room)]).first?.integer(0) ?? 0
    }

    private var isDone: Bool { hits.count >= limit }

    private mutating func scanRoom(_ room: RoomID) throws(ChatError) {
        try scanPages(
            """
            SELECT m.id, m.body, m.seq FROM messages m
            WHERE m.room_id = $1 AND m.seq < $2 AND m.id < $3 AND m.deleted_at IS NULL\(byAuthor(4))
            ORDER BY m.seq DESC LIMIT \(Self.page)
            """, [.room(room)], position: 2, end: .max, [.integer(bounds.before)] + authorArguments)
    }

    private mutating func scanTail(after indexed: Int64) throws(ChatError) {
        try scanPages(
            """
            SELECT m.id, m.body FROM messages m WHERE m.id > $1 AND m.id < $2 AND m.deleted_at IS NULL\(narrowed(3))
            ORDER BY m.id DESC LIMIT \(Self.page)
            """, [.integer(indexed)], position: 0, end: bounds.before, roomArguments + authorArguments)
    }

    /// - Parameters:
    ///   - position: the column by which the pages follow each other; its bound is the argument after `first`.
    ///   - end: the first bound.
    private mutating func scanPages(
        _ sql: String, _ first: [SQLValue], position: Int, end: Int64, _ last: [SQLValue]
    ) throws(ChatError) {
        var end = end
        while !isDone {
            let rows = try session.query(sql, first + [.integer(end)] + last)
            try take(rows)
            guard rows.count == Self.page, let oldest = rows.last else { return }
            end = try oldest.integer(position)
        }
    }

    private mutating func scanBlocks(upTo indexed: Int64) throws(ChatError) {
        let bits = GramFilter.bits(of: pattern.text)
        let condition = bits.isEmpty ? "" : " AND " + dialect.hasBits("filter", "$2")
        let sql = """
            SELECT first_id, last_id FROM search_blocks WHERE first_id < $1\(condition)
            ORDER BY first_id DESC LIMIT \(Self.blocksAtOnce)
            """
        var end = min(indexed, bounds.before - 1) + 1
        while !isDone {
            try requireTime()
            let blocks = try session.query(sql, [.integer(end)] + (bits.isEmpty ? [] : [dialect.bits(bits)]))
            try scan(blocks)
            guard blocks.count == Self.blocksAtOnce, let oldest = blocks.last else { return }
            end = try oldest.integer(0)
        }
    }

    private mutating func scan(_ blocks: SQLRows) throws(ChatError) {
        let sql = """
            SELECT m.id, m.body FROM messages m WHERE m.id BETWEEN $1 AND $2 AND m.deleted_at IS NULL\(narrowed(3))
            ORDER BY m.id DESC
            """
        let narrowing = roomArguments + authorArguments
        for block in blocks where !isDone {
            let last = min(try block.integer(1), bounds.before - 1)
            try take(session.query(sql, [.integer(block.integer(0)), .integer(last)] + narrowing))
        }
    }

    /// The conditions of room and author, whose arguments begin at `placeholder`.
    private func narrowed(_ placeholder: Int) -> String {
        guard bounds.room != nil else { return byAuthor(placeholder) }
        return " AND m.room_id = $\(placeholder)" + byAuthor(placeholder + 1)
    }

    private func byAuthor(_ placeholder: Int) -> String {
        bounds.author == nil ? "" : " AND m.author_id = $\(placeholder)"
    }

    private var roomArguments: [SQLValue] { bounds.room.map { [.room($0)] } ?? [] }
    private var authorArguments: [SQLValue] { bounds.author.map { [.user($0)] } ?? [] }

    /// Compares bodies and adds those of the hits that the reader may see.
    private mutating func take(_ rows: SQLRows) throws(ChatError) {
        try requireTime()
        var found: [Int64] = []
        for row in rows where pattern.occurs(in: FoldedText(try row.text(1))) { found.append(try row.integer(0)) }
        guard !found.isEmpty else { return }
        let ids = "$\(bounds.arguments.count + 1)"
        let conditions = [bounds.visible, dialect.isListed("m.id", ids)].compactMap { $0 }
        let sql = """
            \(SQL.messagesWithRoom) WHERE \(conditions.joined(separator: " AND "))
            ORDER BY m.id DESC LIMIT $\(bounds.arguments.count + 2)
            """
        let arguments = bounds.arguments + [dialect.list(found), .count(limit - hits.count)]
        for row in try session.query(sql, arguments) { hits.append(try Message(row)) }
    }

    private func requireTime() throws(ChatError) {
        guard ContinuousClock.now < deadline else { throw .slowSearch }
    }
}
