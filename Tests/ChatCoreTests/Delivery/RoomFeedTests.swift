import Testing

@testable import ChatCore

/// A generator that gives the same numbers for the same seed, so that a failing case can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

@Suite struct RoomFeedTests {
    /// A batch whose bytes are the numbers of its messages.
    static func batch(_ range: ClosedRange<Int64>) -> MessageBatch {
        MessageBatch(
            room: RoomID(1), firstSeq: range.lowerBound, bytes: range.map { UInt8(truncatingIfNeeded: $0) },
            ends: Array(1...range.count))
    }

    static func numbers(_ outcome: RoomFeed.Outcome) -> [Int64] {
        outcome.ready.flatMap { Array($0.firstSeq...$0.lastSeq) }
    }

    @Test func `batches in order pass at once`() {
        var feed = RoomFeed(position: 0)
        #expect(Self.numbers(feed.accept(Self.batch(1...3))) == [1, 2, 3])
        #expect(Self.numbers(feed.accept(Self.batch(4...4))) == [4])
        #expect(feed.position == 4)
    }

    @Test func `a batch that comes too early is held until the gap is closed`() {
        var feed = RoomFeed(position: 0)
        let early = feed.accept(Self.batch(3...4))
        #expect(early.ready.isEmpty && early.hasGap)
        let closing = feed.accept(Self.batch(1...2))
        #expect(Self.numbers(closing) == [1, 2, 3, 4] && !closing.hasGap)
    }

    @Test func `of a batch that overlaps only the new part passes`() {
        var feed = RoomFeed(position: 5)
        let outcome = feed.accept(Self.batch(4...7))
        #expect(outcome.ready.flatMap(\.bytes) == [6, 7])
    }

    @Test(arguments: 0..<200) func `after any loss, doubling and reordering the log makes it whole`(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        let last: Int64 = 60
        var events: [ClosedRange<Int64>] = []
        var next: Int64 = 1
        while next <= last {
            let end = min(last, next + Int64.random(in: 0...5, using: &random))
            for _ in 0..<Int.random(in: 0...2, using: &random) { events.append(next...end) }
            next = end + 1
        }
        events.shuffle(using: &random)
        var feed = RoomFeed(position: 0)
        var seen: [Int64] = []
        for range in events {
            let outcome = feed.accept(Self.batch(range))
            seen += Self.numbers(outcome)
            if outcome.hasGap, Bool.random(using: &random), feed.position < last {
                // What the node does when a gap stays open: it reads the log behind its position.
                let end = min(last, feed.position + Int64.random(in: 1...10, using: &random))
                seen += Self.numbers(feed.accept(Self.batch(feed.position + 1...end)))
            }
        }
        if feed.position < last { seen += Self.numbers(feed.accept(Self.batch(feed.position + 1...last))) }
        #expect(seen == Array(1...last))
    }

    @Test func `what is held is bounded`() {
        var feed = RoomFeed(position: 0)
        for seq in stride(from: Int64(3), to: Int64(3 + 4 * Limits.heldBatches), by: 2) {
            _ = feed.accept(Self.batch(seq...seq))
        }
        var passed = Self.numbers(feed.accept(Self.batch(1...2)))
        while true {
            let next = Self.numbers(feed.accept(Self.batch(feed.position + 1...feed.position + 1)))
            passed += next
            if next.count == 1 { break }
        }
        #expect(passed.count <= 2 * Limits.heldBatches + 2)
        #expect(passed == Array(1...Int64(passed.count)))
    }
}
