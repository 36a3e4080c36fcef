import ChatCore
import Synchronization

// The reference implementation of a bus. What one endpoint publishes is delivered on the publisher's own thread. While
// a receiver is being called, other publishers only append to its queue, so its calls never overlap and keep the order
// of the queue. A queue that grows too long is replaced by a gap.

/// Connects buses within one process.
package final class InProcessExchange: Sendable {
    private let listeners = Mutex<[InProcessBus]>([])

    package init() {}

    /// Creates an endpoint, which receives what the others publish once it is started.
    package func endpoint() -> InProcessBus { InProcessBus(exchange: self) }

    fileprivate func add(_ bus: InProcessBus) {
        listeners.withLock { $0.append(bus) }
    }

    fileprivate func remove(_ bus: InProcessBus) {
        listeners.withLock { $0.removeAll { $0 === bus } }
    }

    fileprivate func send(_ events: [BusEvent], from sender: InProcessBus) {
        for bus in listeners.withLock({ $0 }) where bus !== sender { bus.deliver(events) }
    }
}

/// One endpoint of an exchange.
package final class InProcessBus: Bus {
    package let hearsEveryCommit = false
    /// How many events may be queued for a receiver.
    package static let longestQueue = 4_096

    private struct State {
        var receive: (@Sendable ([BusEvent]) -> Void)?
        var queue: [BusEvent] = []
        var isDelivering = false
    }

    private let exchange: InProcessExchange
    private let state = Mutex(State())

    fileprivate init(exchange: InProcessExchange) {
        self.exchange = exchange
    }

    package func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {
        let isNew = state.withLock { state in
            defer { state.receive = receive }
            return state.receive == nil
        }
        if isNew { exchange.add(self) }
    }

    package func publish(_ batch: MessageBatch) async throws(ChatError) {
        exchange.send([.grown(batch.room, seq: batch.lastSeq)], from: self)
    }

    package func publish(_ events: [Event]) async throws(ChatError) {
        exchange.send(events.map { .event($0) }, from: self)
    }

    package func follow(_ room: RoomID) {}
    package func unfollow(_ room: RoomID) {}
    package func fault() async -> ChatError? { nil }

    package func stop() async {
        exchange.remove(self)
        state.withLock { state in
            state.receive = nil
            state.queue = []
        }
    }

    fileprivate func deliver(_ events: [BusEvent]) {
        let isFirst = state.withLock { state in
            state.queue += events
            if state.queue.count > Self.longestQueue { state.queue = [.gap] }
            defer { state.isDelivering = true }
            return !state.isDelivering
        }
        guard isFirst else { return }
        while let (receive, events) = takeQueue() { receive(events) }
    }

    /// Takes the queue. Returns nil if it is empty; the next publisher then delivers again.
    private func takeQueue() -> ((@Sendable ([BusEvent]) -> Void), [BusEvent])? {
        state.withLock { state in
            guard let receive = state.receive, !state.queue.isEmpty else {
                state.isDelivering = false
                state.queue = []
                return nil
            }
            defer { state.queue = [] }
            return (receive, state.queue)
        }
    }
}
