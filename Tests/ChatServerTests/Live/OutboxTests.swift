import ChatCore
import Testing

@testable import ChatServer

/// What waits for one socket, and when it is too much.
@Suite struct OutboxTests {
    private func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 7, count: count) }

    @Test func `the first bytes of a turn ask for a flush, later ones do not`() {
        var outbox = Outbox()
        #expect(outbox.add([1]) == .first)
        #expect(outbox.add([2, 3]) == .queued)
        #expect(outbox.take() == [1, 2, 3])
        #expect(outbox.take() == nil)
        #expect(outbox.add([4]) == .first)
    }

    @Test func `it is empty only when nothing is queued or on its way`() {
        var outbox = Outbox()
        #expect(outbox.isEmpty)
        _ = outbox.add([1])
        #expect(!outbox.isEmpty && !outbox.isWaitingForNIO)
        _ = outbox.take()
        outbox.handedOver(1)
        #expect(!outbox.isEmpty && outbox.isWaitingForNIO)
        outbox.written(1)
        #expect(outbox.isEmpty)
    }

    @Test func `up to the limit everything is taken, and not a byte more`() {
        var outbox = Outbox()
        #expect(outbox.add(bytes(Limits.outboxBytes - 1)) == .first)
        #expect(outbox.add([1]) == .queued)
        #expect(outbox.add([1]) == .overflow)
    }

    @Test func `what NIO has not written counts`() {
        var outbox = Outbox()
        _ = outbox.add(bytes(Limits.outboxBytes))
        _ = outbox.take()
        outbox.handedOver(Limits.outboxBytes)
        #expect(outbox.add([1]) == .overflow)
        outbox.written(1)
        #expect(outbox.add([1]) == .first)
    }

    @Test func `what is discarded frees its place`() {
        var outbox = Outbox()
        _ = outbox.add(bytes(Limits.outboxBytes))
        outbox.discardQueued()
        #expect(outbox.isEmpty)
        #expect(outbox.add(bytes(Limits.outboxBytes)) == .first)
    }

    @Test func `a refused addition leaves what is queued as it is`() {
        var outbox = Outbox()
        _ = outbox.add([1, 2])
        #expect(outbox.add(bytes(Limits.outboxBytes)) == .overflow)
        #expect(outbox.take() == [1, 2])
    }
}
