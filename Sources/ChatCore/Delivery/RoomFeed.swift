// Orders one room's batches on one node. Buses and commits deliver batches early, late, twice or not at all; what
// leaves the feed is consecutive from the opening position. A batch that arrives too early is held only briefly: the
// log has everything, so missing messages are read from there. Rejected: sequence numbers per bus or per publisher,
// which would tie the order to a bus.

/// Turns one room's unordered batches into consecutive ones.
package struct RoomFeed: Sendable {
    /// The last `seq` that was delivered.
    package private(set) var position: Int64
    private var held: [Int64: MessageBatch] = [:]

    package init(position: Int64) {
        self.position = position
    }

    /// The batches that can be delivered now; `hasGap` is true while held batches wait for missing ones.
    package struct Outcome: Sendable {
        package var ready: [MessageBatch] = []
        package var hasGap = false
    }

    package mutating func accept(_ batch: MessageBatch) -> Outcome {
        var outcome = Outcome()
        if let part = batch.after(position) {
            if part.firstSeq == position + 1 {
                pass(part, to: &outcome)
                passHeld(to: &outcome)
            } else if held.count < Limits.heldBatches {
                hold(part)
            }
        }
        outcome.hasGap = !held.isEmpty
        return outcome
    }

    private mutating func hold(_ batch: MessageBatch) {
        if let other = held[batch.firstSeq], other.count >= batch.count { return }
        held[batch.firstSeq] = batch
    }

    private mutating func pass(_ batch: MessageBatch, to outcome: inout Outcome) {
        position = batch.lastSeq
        outcome.ready.append(batch)
    }

    private mutating func passHeld(to outcome: inout Outcome) {
        guard !held.isEmpty else { return }
        for first in held.keys.sorted() where first <= position + 1 {
            guard let batch = held.removeValue(forKey: first)?.after(position) else { continue }
            pass(batch, to: &outcome)
        }
    }
}
