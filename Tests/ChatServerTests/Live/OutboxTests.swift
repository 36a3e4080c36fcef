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
        _ = outbox.add([1, 2])
        #expect(!outbox.isEmpty && !outbox.isWaitingForNIO)
        let bytes = outbox.take() ?? []
        #expect(outbox.handOver(bytes[1...]) == [2])
        #expect(!outbox.isEmpty && outbox.isWaitingForNIO)
        outbox.written()
        #expect(outbox.isEmpty)
    }

    @Test func `a socket that is behind gets one part at a time, in order`() {
        var outbox = Outbox()
        let all = (0..<3 * Limits.outboxPartBytes).map { UInt8(truncatingIfNeeded: $0 / 1_000) }
        _ = outbox.add(all)
        var received: [UInt8] = []
        while let bytes = outbox.take() {
            // The socket takes a few bytes by itself each time, and nothing is handed over once it takes all.
            received += bytes.prefix(10)
            guard bytes.count > 10 else { break }
            let part = outbox.handOver(bytes.dropFirst(10))
            #expect(part.count <= Limits.outboxPartBytes)
            received += part
            _ = outbox.add([255])
            #expect(outbox.take() == nil)
            outbox.written()
        }
        #expect(received.filter { $0 != 255 } == all.filter { $0 != 255 })
        #expect(outbox.isEmpty)
    }

    @Test func `what is left at the end goes out behind what is on its way`() {
        var outbox = Outbox()
        _ = outbox.add(bytes(Limits.outboxPartBytes + 5))
        let part = outbox.handOver((outbox.take() ?? [])[...])
        #expect(part.count == Limits.outboxPartBytes)
        #expect(outbox.handOverAll() == bytes(5))
        #expect(outbox.isWaitingForNIO && outbox.take() == nil)
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
        _ = outbox.handOver((outbox.take() ?? [])[...])
        #expect(outbox.add([1]) == .overflow)
        outbox.written()
        #expect(outbox.add(bytes(Limits.outboxPartBytes)) == .queued)
        #expect(outbox.add([1]) == .overflow)
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
