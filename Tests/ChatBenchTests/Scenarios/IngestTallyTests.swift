import Testing

@testable import ChatBench

@Suite struct IngestTallyTests {
    /// Two rooms of two members, four connections: the first two are in the first room.
    private static func tally(window: Int? = 4) -> IngestTally {
        var tally = IngestTally(IngestLayout(clients: 4, rooms: 2, members: 2), window: window)
        tally.beginCounting(at: 0, intervalWidth: 1_000_000_000)
        return tally
    }

    private static func result(_ tally: inout IngestTally) -> BenchResult {
        var result = BenchResult(scenario: "ingest")
        result.seconds = 2
        tally.fill(&result)
        return result
    }

    @Test func `a connection's streams take turns, each with its own numbers`() {
        var tally = IngestTally(IngestLayout(clients: 1, rooms: 2, members: 1), window: 4)
        let posts = (0..<4).map { tally.post(0, at: UInt64($0)) }
        #expect(
            posts == [
                IngestTally.Post(stream: 0, number: 0, ref: 0), IngestTally.Post(stream: 1, number: 0, ref: 1),
                IngestTally.Post(stream: 0, number: 1, ref: 2), IngestTally.Post(stream: 1, number: 1, ref: 3),
            ])
    }

    @Test func `a message is done with its ack, and drained when its room has it`() {
        var tally = Self.tally()
        let post = tally.post(0, at: 1_000)
        #expect(tally.counts == LoadCounts(posted: 1, expected: 2))
        tally.acknowledged(post.ref, of: 0, at: 8_000)
        #expect(tally.counts.inFlight == 0 && !tally.counts.isDrained && tally.counts.lastReceived == 8_000)
        for client in 0..<2 { tally.received(Marker(stream: post.stream, number: post.number), by: client) }
        #expect(tally.counts.isDrained)
        let result = Self.result(&tally)
        #expect(result.latency?.max == 7 && result.ack == result.latency && result.ledger == LedgerSums())
        #expect((result.deliveries, result.expected, result.deliveriesPerSecond) == (2, 2, 1))
    }

    @Test func `only the room's members miss a message`() {
        var tally = Self.tally()
        _ = tally.post(0, at: 0)
        #expect(Self.result(&tally).ledger == LedgerSums(missing: 2))
    }

    @Test func `acks of the warm-up and of nothing do not count`() {
        var tally = IngestTally(IngestLayout(clients: 4, rooms: 2, members: 2), window: 4)
        let early = tally.post(0, at: 0)
        tally.beginCounting(at: 10, intervalWidth: 1_000_000_000)
        tally.acknowledged(early.ref, of: 0, at: 20)
        tally.acknowledged(99, of: 0, at: 20)
        #expect(tally.counts == LoadCounts(lastReceived: 10))
        tally.received(Marker(stream: early.stream, number: early.number), by: 0)
        #expect(tally.counts.deliveries == 0)
    }

    @Test(arguments: [Marker(stream: 0, number: 5), Marker(stream: 99, number: 0)])
    func `a message that was never sent is somebody else's`(marker: Marker) {
        var tally = Self.tally()
        tally.received(marker, by: 0)
        #expect(tally.counts.deliveries == 0 && Self.result(&tally).ledger == LedgerSums())
    }

    @Test func `a refused message is no longer in flight`() {
        var tally = Self.tally()
        _ = tally.post(0, at: 0)
        Self.refuse(#"{"event":"error","ref":0,"code":"archived"}"#, &tally)
        #expect((tally.counts.inFlight, tally.counts.refused, tally.counts.lastReceived) == (0, 1, 7))
        #expect(tally.counts.isDrained)
        #expect(Self.result(&tally).refused == ["archived": 1])
    }

    @Test(arguments: [#"{"event":"error","code":"archived"}"#, #"{"event":"error","ref":99,"code":"archived"}"#])
    func `a refusal of no message of ours is counted, but its deliveries are waited for`(frame: String) {
        var tally = Self.tally()
        _ = tally.post(0, at: 0)
        Self.refuse(frame, &tally)
        #expect(tally.counts.refused == 1 && !tally.counts.isDrained)
    }

    private static func refuse(_ frame: String, _ tally: inout IngestTally) {
        Array(frame.utf8).withUnsafeBytes { tally.refused($0, of: 0, at: 7) }
    }

    @Test func `an ack that comes after many more messages counts without its latency`() {
        var tally = Self.tally(window: 1)
        // A window of 1 keeps the send times of four messages.
        for time in 0..<5 { _ = tally.post(0, at: UInt64(time) * 1_000) }
        tally.acknowledged(0, of: 0, at: 90_000)
        tally.acknowledged(1, of: 0, at: 90_000)
        #expect(tally.counts.completed == 2)
        let latency = Self.result(&tally).latency
        #expect(latency?.p50 == 89 && latency?.max == 89)
    }

    @Test func `an open loop keeps the send times of many messages`() {
        var tally = Self.tally(window: nil)
        for _ in 0..<60_000 { _ = tally.post(0, at: 0) }
        tally.acknowledged(0, of: 0, at: 3_000)
        #expect(Self.result(&tally).latency?.max == 3)
    }
}
