import ChatCore
import Synchronization

/// A hub that keeps what it gets, for a test to read.
package final class RecordingHub: Hub {
    package let readsLog: Bool
    private let received = Mutex<[HubItem]>([])

    package init(readsLog: Bool = false) {
        self.readsLog = readsLog
    }

    package func post(_ item: HubItem) { received.withLock { $0.append(item) } }

    package var items: [HubItem] { received.withLock { $0 } }

    /// What came since the last call.
    package func takeItems() -> [HubItem] {
        received.withLock { items in
            defer { items = [] }
            return items
        }
    }

    package var events: [Event] {
        items.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    package var counts: [[RoomID: Int]] {
        items.compactMap { if case .counts(let counts) = $0 { counts } else { nil } }
    }

    package var batches: [MessageBatch] {
        items.compactMap { if case .batch(let batch) = $0 { batch } else { nil } }
    }

    /// The `seq` of every message that came in a batch, in the order of arrival.
    package func seqs(in room: RoomID) -> [Int64] {
        batches.filter { $0.room == room }.flatMap { Array($0.firstSeq...$0.lastSeq) }
    }

    /// Where rooms stood when the hub was attached to them, in the order of attachment.
    package var openings: [Int64] {
        items.compactMap { if case .open(_, let position) = $0 { position } else { nil } }
    }

    /// Waits for the items to satisfy `condition`. Returns false at the deadline.
    package func wait(until condition: (RecordingHub) -> Bool) async -> Bool {
        await eventually { condition(self) }
    }
}

/// Waits for what another task brings about. Returns false at the deadline.
package func eventually(
    within limit: Duration = .seconds(20), _ condition: () async throws -> Bool
) async rethrows -> Bool {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { return false }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return true
}
