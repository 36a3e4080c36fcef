import Testing

@testable import ChatBench

@Suite struct FanoutTallyTests {
    private static let refusal = Array(#"{"ok":false,"event":"error","ref":0,"code":"muted"}"#.utf8)

    private static func tally(receivers: Int = 3, publishers: Int = 1) -> FanoutTally {
        var tally = FanoutTally(receivers: receivers, publishers: publishers)
        tally.beginCounting(at: 0, intervalWidth: 1_000_000_000)
        return tally
    }

    private static func result(_ tally: inout FanoutTally) -> BenchResult {
        var result = BenchResult(scenario: "fanout")
        result.seconds = 2
        tally.fill(&result)
        return result
    }

    @Test func `a message is in flight until everyone has it`() {
        var tally = Self.tally()
        #expect(tally.post(0, at: 1_000) == 0)
        #expect(tally.counts == LoadCounts(posted: 1, expected: 3))
        for receiver in 0..<3 {
            #expect(tally.counts.inFlight == 1 && !tally.counts.isDrained)
            tally.received(Marker(stream: 0, number: 0), by: receiver, at: 2_000)
        }
        #expect(tally.counts == LoadCounts(posted: 1, completed: 1, deliveries: 3, expected: 3, lastReceived: 2_000))
        #expect(tally.counts.isDrained)
    }

    @Test func `first, median and last recipient have their own latencies`() throws {
        var tally = Self.tally(receivers: 5)
        _ = tally.post(0, at: 0)
        for receiver in 0..<5 {
            tally.received(Marker(stream: 0, number: 0), by: receiver, at: UInt64(receiver + 1) * 10_000)
        }
        let result = Self.result(&tally)
        #expect((result.first?.max, result.median?.max, result.last?.max) == (10, 30, 50))
        #expect((result.latency?.p50, result.latency?.max) == (30, 50))
        #expect((result.deliveries, result.expected, result.deliveriesPerSecond) == (5, 5, 2.5))
    }

    @Test func `a duplicate is no delivery`() {
        var tally = Self.tally()
        _ = tally.post(0, at: 0)
        for _ in 0..<2 { tally.received(Marker(stream: 0, number: 0), by: 1, at: 5) }
        #expect(tally.counts.deliveries == 1)
        #expect(Self.result(&tally).ledger == LedgerSums(missing: 2, duplicates: 1))
    }

    @Test(arguments: [Marker(stream: 0, number: 1), Marker(stream: 7, number: 0)])
    func `a message that was never sent is somebody else's`(marker: Marker) {
        var tally = Self.tally()
        _ = tally.post(0, at: 0)
        tally.received(marker, by: 0, at: 5)
        #expect(tally.counts.deliveries == 0)
        #expect(Self.result(&tally).ledger == LedgerSums(missing: 3))
    }

    @Test func `what was sent before counting is received but does not count`() {
        var tally = FanoutTally(receivers: 1, publishers: 1)
        _ = tally.post(0, at: 0)
        tally.beginCounting(at: 10, intervalWidth: 1_000_000_000)
        #expect(tally.counts == LoadCounts(lastReceived: 10))
        #expect(tally.post(0, at: 20) == 1)
        tally.received(Marker(stream: 0, number: 0), by: 0, at: 30)
        tally.acknowledged(0, of: 0, at: 30)
        #expect(tally.counts == LoadCounts(posted: 1, expected: 1, lastReceived: 10))
        tally.received(Marker(stream: 0, number: 1), by: 0, at: 2_020)
        let result = Self.result(&tally)
        #expect(result.ledger == LedgerSums() && result.latency?.max == 2 && result.ack == nil)
    }

    @Test func `publishers are counted apart`() {
        var tally = Self.tally(receivers: 1, publishers: 2)
        #expect([tally.post(0, at: 0), tally.post(1, at: 0), tally.post(0, at: 0)] == [0, 0, 1])
        tally.received(Marker(stream: 1, number: 0), by: 0, at: 1)
        tally.received(Marker(stream: 0, number: 1), by: 0, at: 1)
        #expect(tally.counts.completed == 2)
        #expect(Self.result(&tally).ledger == LedgerSums(missing: 1))
    }

    @Test func `acks have the latency of their own message`() {
        var tally = Self.tally()
        _ = tally.post(0, at: 1_000)
        _ = tally.post(0, at: 50_000)
        tally.acknowledged(1, of: 0, at: 57_000)
        tally.acknowledged(0, of: 0, at: 10_000)
        let ack = Self.result(&tally).ack
        #expect(ack?.p50 == 7 && ack?.max == 9)
    }

    @Test func `a refused message is no longer in flight, other frames change nothing`() {
        var tally = Self.tally()
        _ = tally.post(0, at: 0)
        Self.refusal.withUnsafeBytes { tally.refused($0, at: 9) }
        #expect((tally.counts.refused, tally.counts.inFlight, tally.counts.lastReceived) == (1, 0, 9))
        #expect(tally.counts.isDrained)
        Array(#"{"event":"typing"}"#.utf8).withUnsafeBytes { tally.refused($0, at: 10) }
        #expect((tally.counts.refused, tally.counts.lastReceived) == (1, 9))
        #expect(Self.result(&tally).refused == ["muted": 1])
    }

    @Test func `a message older than the memory counts without its latency`() {
        var tally = Self.tally(receivers: 1)
        for _ in 0...FanoutTally.flightsKept { _ = tally.post(0, at: 0) }
        tally.received(Marker(stream: 0, number: 0), by: 0, at: 5)
        #expect((tally.counts.deliveries, tally.counts.completed) == (1, 0))
        #expect(Self.result(&tally).latency == nil)
    }

    @Test(arguments: 0..<20) func `the ledger agrees with random losses`(seed: UInt64) {
        var random = Seeded(state: seed)
        var tally = Self.tally(receivers: 4, publishers: 2)
        var (delivered, lost) = (0, 0)
        for step in 0..<400 {
            let publisher = step % 2
            let number = tally.post(publisher, at: UInt64(step))
            for receiver in 0..<4 {
                if Int.random(in: 0..<8, using: &random) == 0 {
                    lost += 1
                } else {
                    tally.received(Marker(stream: publisher, number: number), by: receiver, at: UInt64(step) + 5)
                    delivered += 1
                }
            }
        }
        let result = Self.result(&tally)
        #expect(result.ledger == LedgerSums(missing: lost) && result.deliveries == delivered)
        #expect(result.expected == delivered + lost)
    }
}
