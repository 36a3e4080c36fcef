/// What a fan-out run counts: each receiver's ledger, and for each message when it was sent and how many have it.
struct FanoutTally {
    /// A message in flight.
    private struct Flight {
        var number = -1
        var sent: UInt64 = 0
        var receptions = 0
    }

    /// Flights remembered of each publisher, a power of two; an older message still counts, but without its latency.
    static let flightsKept = 65_536

    private(set) var counts = LoadCounts()
    private let receivers: Int
    private var ledgers: [Ledger]
    private var flights: [[Flight]]
    /// Messages sent by each publisher, warm-up included.
    private var sent: [Int]
    /// The first number of each publisher that counts.
    private var firstCounted: [Int]
    private var latencies = LatencyRecorder()
    private var firsts = LatencyRecorder()
    private var medians = LatencyRecorder()
    private var lasts = LatencyRecorder()
    private var acks = LatencyRecorder()
    private var refusals = Refusals()
    private var timeline: Timeline?

    init(receivers: Int, publishers: Int) {
        self.receivers = receivers
        ledgers = Array(repeating: Ledger(streams: publishers), count: receivers)
        flights = Array(repeating: Array(repeating: Flight(), count: Self.flightsKept), count: publishers)
        sent = Array(repeating: 0, count: publishers)
        firstCounted = sent
    }

    /// Takes note that a publisher's next message is sent, and answers its number.
    mutating func post(_ publisher: Int, at time: UInt64) -> Int {
        let number = sent[publisher]
        sent[publisher] += 1
        counts.posted += 1
        counts.expected += receivers
        flights[publisher][number & (Self.flightsKept - 1)] = Flight(number: number, sent: time)
        return number
    }

    mutating func received(_ marker: Marker, by receiver: Int, at now: UInt64) {
        // Others may post to the room as well: what was never sent is not ours.
        guard marker.stream < sent.count, marker.number < sent[marker.stream] else { return }
        guard ledgers[receiver].take(marker), marker.number >= firstCounted[marker.stream] else { return }
        counts.deliveries += 1
        counts.lastReceived = now
        let slot = marker.number & (Self.flightsKept - 1)
        guard flights[marker.stream][slot].number == marker.number else { return }
        let latency = now.since(flights[marker.stream][slot].sent)
        flights[marker.stream][slot].receptions += 1
        let receptions = flights[marker.stream][slot].receptions
        latencies.record(nanoseconds: latency)
        timeline?.record(at: now, nanoseconds: latency)
        if receptions == 1 { firsts.record(nanoseconds: latency) }
        if receptions == (receivers + 1) / 2 { medians.record(nanoseconds: latency) }
        if receptions == receivers {
            lasts.record(nanoseconds: latency)
            counts.completed += 1
        }
    }

    mutating func acknowledged(_ number: Int, of publisher: Int, at now: UInt64) {
        guard number >= firstCounted[publisher] else { return }
        let flight = flights[publisher][number & (Self.flightsKept - 1)]
        if flight.number == number { acks.record(nanoseconds: now.since(flight.sent)) }
    }

    /// Counts the frame if it is a refusal.
    mutating func refused(_ payload: UnsafeRawBufferPointer, at now: UInt64) {
        guard refusals.take(payload) else { return }
        counts.refused = refusals.total
        counts.undeliverable += receivers
        counts.lastReceived = now
    }

    /// Discards what was counted so far.
    mutating func beginCounting(at now: UInt64, intervalWidth: UInt64) {
        firstCounted = sent
        counts = LoadCounts(lastReceived: now)
        for index in ledgers.indices { ledgers[index].reset() }
        for recorder in [\FanoutTally.latencies, \.firsts, \.medians, \.lasts, \.acks] {
            self[keyPath: recorder].reset()
        }
        refusals = Refusals()
        timeline = Timeline(begin: now, width: intervalWidth)
    }

    /// Closes the ledgers and writes what they and the recorders say.
    mutating func fill(_ result: inout BenchResult) {
        var sums = LedgerSums()
        for index in ledgers.indices {
            ledgers[index].close(sent: sent)
            sums += ledgers[index].sums
        }
        (result.ledger, result.refused) = (sums, refusals.counts)
        (result.deliveries, result.expected) = (counts.deliveries, counts.expected)
        result.deliveriesPerSecond = Double(counts.deliveries) / result.seconds
        (result.latency, result.curve) = (latencies.summary, latencies.curve)
        (result.first, result.median, result.last) = (firsts.summary, medians.summary, lasts.summary)
        result.ack = acks.summary
        result.timeline = timeline?.points ?? []
    }
}
