/// What an ingest run counts: each connection's ledger, and when each message that waits for its ack was sent.
struct IngestTally {
    /// A connection as a publisher.
    private struct Publisher {
        var posted = 0
        /// The first `ref` that counts.
        var firstCounted = 0
        /// When each message was sent, by its `ref` modulo the number of slots.
        var sentAt: [UInt64]
    }

    /// A message to send.
    struct Post: Equatable {
        let stream: Int
        /// Its number in the stream.
        let number: Int
        let ref: Int
    }

    private(set) var counts = LoadCounts()
    private let layout: IngestLayout
    /// Slots of ``Publisher/sentAt``, a power of two.
    private let slots: Int
    private var publishers: [Publisher]
    private var ledgers: [Ledger]
    private var sent: [Int]
    private var firstCounted: [Int]
    private var acks = LatencyRecorder()
    private var refusals = Refusals()
    private var timeline: Timeline?

    /// - Parameter window: messages in flight of each connection; nil when a schedule allows any number.
    init(_ layout: IngestLayout, window: Int?) {
        self.layout = layout
        // The window bounds the connections together, so one of them may have more than its share in flight.
        slots = window.map { Self.powerOfTwo(atLeast: 4 * $0) } ?? 65_536
        publishers = Array(repeating: Publisher(sentAt: Array(repeating: 0, count: slots)), count: layout.clients)
        ledgers = Array(repeating: Ledger(streams: layout.streams), count: layout.clients)
        sent = Array(repeating: 0, count: layout.streams)
        firstCounted = sent
    }

    /// Takes note that a connection's next message is sent.
    mutating func post(_ client: Int, at time: UInt64) -> Post {
        let ref = publishers[client].posted
        publishers[client].posted += 1
        publishers[client].sentAt[ref & (slots - 1)] = time
        let stream = stream(client, ref)
        let number = sent[stream]
        sent[stream] += 1
        counts.posted += 1
        counts.expected += layout.audience[layout.room(of: stream)]
        return Post(stream: stream, number: number, ref: ref)
    }

    mutating func received(_ marker: Marker, by client: Int) {
        // Others may post to the room as well: what was never sent is not ours.
        guard marker.stream < sent.count, marker.number < sent[marker.stream] else { return }
        if ledgers[client].take(marker), marker.number >= firstCounted[marker.stream] { counts.deliveries += 1 }
    }

    mutating func acknowledged(_ ref: Int, of client: Int, at now: UInt64) {
        guard ref >= publishers[client].firstCounted, ref < publishers[client].posted else { return }
        counts.completed += 1
        counts.lastReceived = now
        // An older message's slot has been taken by a newer one.
        guard publishers[client].posted - ref <= slots else { return }
        let latency = now.since(publishers[client].sentAt[ref & (slots - 1)])
        acks.record(nanoseconds: latency)
        timeline?.record(at: now, nanoseconds: latency)
    }

    /// Counts the frame if it is a refusal.
    mutating func refused(_ payload: UnsafeRawBufferPointer, of client: Int, at now: UInt64) {
        guard refusals.take(payload) else { return }
        counts.refused = refusals.total
        counts.lastReceived = now
        guard let ref = RefField.value(in: payload), ref < publishers[client].posted else { return }
        counts.undeliverable += layout.audience[layout.room(of: stream(client, ref))]
    }

    /// The stream of a connection's message; its streams take turns.
    private func stream(_ client: Int, _ ref: Int) -> Int { layout.posts[client][ref % layout.posts[client].count] }

    /// Discards what was counted so far.
    mutating func beginCounting(at now: UInt64, intervalWidth: UInt64) {
        firstCounted = sent
        counts = LoadCounts(lastReceived: now)
        for index in publishers.indices { publishers[index].firstCounted = publishers[index].posted }
        for index in ledgers.indices { ledgers[index].reset() }
        acks.reset()
        refusals = Refusals()
        timeline = Timeline(begin: now, width: intervalWidth)
    }

    /// Closes the ledgers and writes what they and the recorder say.
    mutating func fill(_ result: inout BenchResult) {
        var sums = LedgerSums()
        for index in ledgers.indices {
            let hears = layout.hears(index)
            ledgers[index].close(sent: sent) { hears.contains($0) }
            sums += ledgers[index].sums
        }
        (result.ledger, result.refused) = (sums, refusals.counts)
        (result.deliveries, result.expected) = (counts.deliveries, counts.expected)
        result.deliveriesPerSecond = Double(counts.deliveries) / result.seconds
        (result.latency, result.ack, result.curve) = (acks.summary, acks.summary, acks.curve)
        result.timeline = timeline?.points ?? []
    }

    private static func powerOfTwo(atLeast count: Int) -> Int {
        1 << (Int.bitWidth - (max(1, count) - 1).leadingZeroBitCount)
    }
}
