import ChatCore
import Synchronization

/// Connects buses within one process, for a database that nobody else can open.
package final class InProcessExchange: Sendable {
    private let endpoints = Mutex<[InProcessBus]>([])

    package init() {}

    package func endpoint() -> InProcessBus {
        let bus = InProcessBus(exchange: self)
        endpoints.withLock { $0.append(bus) }
        return bus
    }

    fileprivate func send(_ events: [BusEvent], from sender: InProcessBus) {
        for bus in endpoints.withLock({ $0 }) where bus !== sender { bus.deliver(events) }
    }

    fileprivate func remove(_ bus: InProcessBus) {
        endpoints.withLock { $0.removeAll { $0 === bus } }
    }
}

/// One end of an exchange; deliveries to one end never overlap.
package final class InProcessBus: Bus {
    private let exchange: InProcessExchange
    private let receive = Mutex<(@Sendable ([BusEvent]) -> Void)?>(nil)

    fileprivate init(exchange: InProcessExchange) {
        self.exchange = exchange
    }

    package func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {
        self.receive.withLock { $0 = receive }
    }

    package func publish(_ batch: MessageBatch) async throws(ChatError) {
        exchange.send([.grown(batch.room, seq: batch.lastSeq)], from: self)
    }

    package func publish(_ events: [Event]) async throws(ChatError) {
        exchange.send(events.map { .event($0) }, from: self)
    }

    package func stop() async {
        exchange.remove(self)
        receive.withLock { $0 = nil }
    }

    fileprivate func deliver(_ events: [BusEvent]) {
        receive.withLock { $0?(events) }
    }
}
