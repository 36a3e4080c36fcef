// Puts one room's batches in order on one node. Buses and commits bring batches early, late, doubled or not at
// all; what leaves is 1, 2, 3 … from the opening position. A batch that comes too early is held, for a short
// while only: the log has everything, so whoever misses something reads it there. Refused: sequence numbers per
// bus or per publisher, which would tie order to a bus.

/// The order of one room: batches in, ordered batches out.
package struct RoomFeed: Sendable {
    /// The last `seq` that was let through.
    package private(set) var position: Int64
    private var held: [Int64: MessageBatch] = [:]

    package init(position: Int64) {
        self.position = position
    }

    /// What is ready now, and whether something before what is held is missing.
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
