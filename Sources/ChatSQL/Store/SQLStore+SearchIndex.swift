import ChatCore
import Synchronization

// The index is written behind: a message costs nothing when it is posted, and search reads the messages that no block covers
// yet. Blocks cover the ids from 1 on without holes. On PostgreSQL an id can become visible after a greater one, so a block
// ends before the first id that a transaction under way may still fill.

extension SQLStore: SearchIndexStore {
    package func indexMessages() async throws(ChatError) -> Bool {
        let batch = try await driver.search(within: Limits.searchTime) { session throws(ChatError) in
            try self.nextBlocks(session)
        }
        guard !batch.blocks.isEmpty else { return false }
        do throws(ChatError) {
            try await driver.write { [dialect = driver.dialect] session throws(ChatError) in
                try Self.lockInstallation(dialect, session)
                let blocks = try Self.withEdits(batch.blocks, session)
                try session.queryEach(
                    "INSERT INTO search_blocks (first_id, last_id, filter) VALUES ($1, $2, $3)",
                    blocks.map { [.integer($0.first), .integer($0.last), .bytes($0.filter.bytes)] })
            }
        } catch {
            // Another server has written the same block.
            guard error.code == .alreadyExists else { throw error }
        }
        return batch.hasMore
    }

    /// Makes a message whose body changed to `text` findable, in the transaction that changes it.
    static func reindex(
        _ message: Int64, _ text: String, _ dialect: SQLDialect, _ session: any SQLSession
    ) throws(ChatError) {
        try lockInstallation(dialect, session)
        let rows = try session.query(
            "SELECT first_id, filter FROM search_blocks WHERE first_id <= $1 AND last_id >= $1", [.integer(message)])
        guard let row = rows.first, var filter = GramFilter(bytes: try row.bytes(1)) else { return }
        filter.add(FoldedText(text))
        try session.execute(
            "UPDATE search_blocks SET filter = $1 WHERE first_id = $2",
            [.bytes(filter.bytes), .integer(row.integer(0))])
    }

    /// Adds what was edited between the reading of the messages and this transaction.
    private static func withEdits(
        _ blocks: [SearchBlock], _ session: any SQLSession
    ) throws(ChatError) -> [SearchBlock] {
        var blocks = blocks
        let edited = try session.query(
            "SELECT id, body FROM messages WHERE id BETWEEN $1 AND $2 AND edited_at IS NOT NULL",
            [.integer(blocks.first?.first ?? 0), .integer(blocks.last?.last ?? 0)])
        for row in edited {
            let id = try row.integer(0)
            guard let index = blocks.firstIndex(where: { id <= $0.last }) else { continue }
            blocks[index].filter.add(FoldedText(try row.text(1)))
        }
        return blocks
    }

    private struct Batch: Sendable {
        var blocks: [SearchBlock] = []
        var hasMore = false
    }

    private func nextBlocks(_ session: any SQLSession) throws(ChatError) -> Batch {
        let settled = try settledID(session)
        var end = try Self.indexedID(session)
        var batch = Batch()
        while batch.blocks.count < SearchBlock.atOnce, end < settled {
            let rows = try session.query(
                "SELECT id, body FROM messages WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3",
                [.integer(end), .integer(settled), .count(SearchBlock.messages)])
            guard let block = try SearchBlock(after: end, rows) else { return batch }
            batch.blocks.append(block)
            end = block.last
        }
        batch.hasMore = batch.blocks.count == SearchBlock.atOnce
        return batch
    }

    /// The greatest id that blocks cover.
    static func indexedID(_ session: any SQLSession) throws(ChatError) -> Int64 {
        try session.query("SELECT COALESCE(MAX(last_id), 0) FROM search_blocks", []).first?.integer(0) ?? 0
    }

    /// The greatest id known so far below which no more rows can appear.
    private func settledID(_ session: any SQLSession) throws(ChatError) -> Int64 {
        let rows = try session.query(
            "SELECT COALESCE(MAX(id), 0), \(driver.dialect.runningTransactions) FROM messages", [])
        guard let row = rows.first else { return 0 }
        let (newest, oldestRunning, next) = (try row.integer(0), try row.integer(1), try row.integer(2))
        return settling.withLock { $0.saw(newest: newest, oldestRunning: oldestRunning, next: next) }
    }
}

/// Tells up to which id a log is settled: once every transaction has ended that was under way when that id was seen.
struct Settling: Sendable {
    private var settled: Int64 = 0
    private var candidate: (id: Int64, transaction: Int64)?

    /// - Parameters:
    ///   - newest: the greatest visible id.
    ///   - oldestRunning: the oldest transaction under way; `next` if there is none.
    ///   - next: the number that the next transaction will get.
    /// - Returns: the greatest id that is settled.
    mutating func saw(newest: Int64, oldestRunning: Int64, next: Int64) -> Int64 {
        if let known = candidate, oldestRunning >= known.transaction {
            settled = max(settled, known.id)
            candidate = nil
        }
        if oldestRunning >= next { settled = max(settled, newest) }
        if candidate == nil, newest > settled { candidate = (newest, next) }
        return settled
    }
}
