import Testing

@testable import ChatBench

@Suite struct LedgerTests {
    private static func ledger(_ numbers: [Int], stream: Int = 0) -> Ledger {
        var ledger = Ledger(streams: 2)
        for number in numbers { _ = ledger.take(Marker(stream: stream, number: number)) }
        return ledger
    }

    @Test func `messages in order are received without a fault`() {
        let ledger = Self.ledger([0, 1, 2])
        #expect(ledger.received == 3 && ledger.sums == LedgerSums())
    }

    @Test func `a gap counts as missing`() {
        #expect(Self.ledger([0, 3]).sums == LedgerSums(missing: 2))
    }

    @Test func `a late message is out of order and no longer missing`() {
        let ledger = Self.ledger([0, 2, 1, 3])
        #expect(ledger.sums == LedgerSums(outOfOrder: 1) && ledger.received == 4)
    }

    @Test func `a repeated message is a duplicate`() {
        let ledger = Self.ledger([0, 1, 1, 0])
        #expect(ledger.sums == LedgerSums(duplicates: 2) && ledger.received == 2)
    }

    @Test func `messages that never came are missing at the end`() {
        var ledger = Self.ledger([0, 1])
        ledger.close(sent: [5, 7]) { $0 == 0 }
        #expect(ledger.sums == LedgerSums(missing: 3))
    }

    @Test func `after a reset earlier faults do not count`() {
        var ledger = Self.ledger([0, 2])
        ledger.reset()
        _ = ledger.take(Marker(stream: 0, number: 3))
        #expect(ledger.sums == LedgerSums() && ledger.received == 1)
    }

    @Test func `a late message from before a reset is a duplicate, not a fault of the measured time`() {
        var ledger = Self.ledger([0, 2])
        ledger.reset()
        let isTaken = ledger.take(Marker(stream: 0, number: 1))
        #expect(!isTaken && ledger.sums == LedgerSums(duplicates: 1))
    }

    @Test func `streams are independent and an unknown one is refused`() {
        var ledger = Self.ledger([0, 1])
        let isTaken = [1, 2].map { ledger.take(Marker(stream: $0, number: 0)) }
        #expect(isTaken == [true, false])
        #expect(ledger.sums == LedgerSums() && ledger.received == 3)
    }

    @Test func `a huge gap is counted at once and remembered in part`() {
        var ledger = Self.ledger([0, 999_999_999_999_999])
        #expect(ledger.sums.missing == 999_999_999_999_998)
        let late = [Ledger.longestMemory, Ledger.longestMemory + 1]
        let isTaken = late.map { ledger.take(Marker(stream: 0, number: $0)) }
        #expect(isTaken == [true, false])
        #expect(ledger.sums.outOfOrder == 1 && ledger.sums.duplicates == 1)
    }

    @Test func `sums add up field by field`() {
        var sums = LedgerSums(missing: 1, duplicates: 2, outOfOrder: 3)
        sums += LedgerSums(missing: 10, duplicates: 20, outOfOrder: 30)
        #expect(sums == LedgerSums(missing: 11, duplicates: 22, outOfOrder: 33))
    }

    @Test(arguments: 0..<50) func `the sums agree with random losses and repetitions`(seed: UInt64) {
        var random = Seeded(state: seed)
        var (arrivals, lost, doubled) = ([Int](), Set<Int>(), 0)
        for number in 0..<200 {
            if Int.random(in: 0..<10, using: &random) == 0 {
                lost.insert(number)
            } else {
                arrivals.append(number)
                if Int.random(in: 0..<20, using: &random) == 0 {
                    arrivals.append(number)
                    doubled += 1
                }
            }
        }
        var ledger = Self.ledger(arrivals)
        ledger.close(sent: [200, 0]) { _ in true }
        #expect(ledger.sums == LedgerSums(missing: lost.count, duplicates: doubled))
    }
}

/// A generator that gives the same numbers for the same seed.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
