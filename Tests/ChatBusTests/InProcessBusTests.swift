import ChatCore
import ChatTestKit
import Synchronization
import Testing

@Suite struct InProcessBusTests {
    private static let room = RoomReference(id: RoomID(1), name: RoomName(stored: "a"))

    /// What a receiver got, and whether two calls of it ever overlapped.
    private final class Receiver: Sendable {
        private let state = Mutex((events: [BusEvent](), calls: 0, overlapped: false))
        func take(_ events: [BusEvent]) {
            state.withLock {
                $0.calls += 1
                $0.overlapped = $0.overlapped || $0.calls > 1
            }
            defer { state.withLock { $0.calls -= 1 } }
            state.withLock { $0.events += events }
        }

        var events: [BusEvent] { state.withLock { $0.events } }
        var overlapped: Bool { state.withLock { $0.overlapped } }
    }

    private static func event(_ seq: Int64) -> Event { .messageDeleted(room: room, seq: seq) }

    @Test func `what one end publishes all others hear, never itself`() async throws {
        let exchange = InProcessExchange()
        let ends = (0..<3).map { _ in exchange.endpoint() }
        let receivers = ends.map { _ in Receiver() }
        for (end, receiver) in zip(ends, receivers) { try await end.start { receiver.take($0) } }
        try await ends[0].publish(MessageBatch(room: RoomID(1), firstSeq: 5, bytes: [65, 66], ends: [1, 2]))
        try await ends[0].publish([Self.event(7)])
        let expected: [BusEvent] = [.grown(RoomID(1), seq: 6), .event(Self.event(7))]
        #expect(receivers.map(\.events) == [[], expected, expected])
    }

    @Test func `nothing comes before the start or after the stop, and it can be started again`() async throws {
        let exchange = InProcessExchange()
        let (here, there) = (exchange.endpoint(), exchange.endpoint())
        let receiver = Receiver()
        try await here.publish([Self.event(1)])
        try await there.start { receiver.take($0) }
        try await here.publish([Self.event(2)])
        await there.stop()
        try await here.publish([Self.event(3)])
        try await there.start { receiver.take($0) }
        try await here.publish([Self.event(4)])
        #expect(receiver.events == [.event(Self.event(2)), .event(Self.event(4))])
    }

    @Test func `calls of one receiver do not overlap, and each publisher's events keep their order`() async throws {
        let exchange = InProcessExchange()
        let (there, receiver) = (exchange.endpoint(), Receiver())
        try await there.start { receiver.take($0) }
        await withTaskGroup(of: Void.self) { group in
            for publisher in Int64(0)..<4 {
                let here = exchange.endpoint()
                group.addTask {
                    for number in Int64(0)..<500 { try? await here.publish([Self.event(publisher * 1_000 + number)]) }
                }
            }
        }
        #expect(!receiver.overlapped)
        let seqs = receiver.events.compactMap { event in
            if case .event(.messageDeleted(_, let seq)) = event { seq } else { Int64?.none }
        }
        #expect(seqs.count == 2_000)
        for publisher in Int64(0)..<4 {
            let own = seqs.filter { $0 / 1_000 == publisher }
            #expect(own == own.sorted())
        }
    }

    @Test func `a receiver may publish in turn`() async throws {
        let exchange = InProcessExchange()
        let (here, there) = (exchange.endpoint(), exchange.endpoint())
        let (answers, done) = (Receiver(), Receiver())
        try await here.start { answers.take($0) }
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        try await there.start { events in
            done.take(events)
            Task {
                try? await there.publish([Self.event(2)])
                continuation.finish()
            }
        }
        try await here.publish([Self.event(1)])
        for await _ in stream {}
        #expect(answers.events == [.event(Self.event(2))] && done.events == [.event(Self.event(1))])
    }

    @Test func `a receiver that does not keep up is told of a gap and costs no more than its queue`() async throws {
        let exchange = InProcessExchange()
        let (here, there) = (exchange.endpoint(), exchange.endpoint())
        let receiver = Receiver()
        try await there.start { receiver.take($0) }
        let many = (0...Int64(InProcessBus.longestQueue)).map { Self.event($0) }
        try await here.publish(many)
        #expect(receiver.events == [.gap])
        try await here.publish([Self.event(1)])
        #expect(receiver.events == [.gap, .event(Self.event(1))])
    }
}
