import ChatCore
import ChatWire

/// `bench fanout`: everyone is in one room, the first few also post, every receiver keeps a ledger.
final class FanoutRun: LoadScenario {
    /// A message under way.
    private struct Record {
        var number = -1
        var sent: UInt64 = 0
        var received = 0
    }

    /// Messages of one publisher that may be under way; an older one still counts, but without its latency.
    private static let memory = 65_536

    private let plan: LoadPlan
    private var load: LoadGenerator?
    private var ledgers: [Ledger] = []
    private var records: [[Record]]
    private var sent: [Int]
    private var waiting: [[UInt8]]
    private var ready = 0
    /// From these numbers on it counts.
    private var counted: [Int]
    private(set) var completed = 0
    private(set) var deliveries = 0
    private(set) var lastHeard: UInt64 = 0
    private var latencies = LatencyRecorder()
    private var firsts = LatencyRecorder()
    private var medians = LatencyRecorder()
    private var lasts = LatencyRecorder()
    private var acks = LatencyRecorder()
    private var refusals = Refusals()
    private var timeline: Timeline?

    init(_ plan: LoadPlan) {
        self.plan = plan
        records = Array(repeating: Array(repeating: Record(), count: Self.memory), count: plan.publishers)
        sent = Array(repeating: 0, count: plan.publishers)
        waiting = Array(repeating: [], count: plan.publishers)
        counted = sent
    }

    // MARK: LoadScenario

    func opened(_ socket: LoadSocket) {}

    func heard(_ socket: LoadSocket, _ payload: UnsafeRawBufferPointer, at now: UInt64) {
        guard let marker = Marker.find(in: payload, hint: &socket.hint) else { return other(socket, payload, now) }
        guard ledgers[socket.index].take(marker), marker.number >= counted[marker.stream] else { return }
        deliveries += 1
        lastHeard = now
        let slot = marker.number & (Self.memory - 1)
        guard records[marker.stream][slot].number == marker.number else { return }
        let latency = now - min(now, records[marker.stream][slot].sent)
        records[marker.stream][slot].received += 1
        let received = records[marker.stream][slot].received
        latencies.record(nanoseconds: latency)
        timeline?.record(at: now, nanoseconds: latency)
        if received == 1 { firsts.record(nanoseconds: latency) }
        if received == (plan.clients + 1) / 2 { medians.record(nanoseconds: latency) }
        if received == plan.clients {
            lasts.record(nanoseconds: latency)
            completed += 1
        }
    }

    /// The frame that says a room was joined, acks and refusals.
    private func other(_ socket: LoadSocket, _ payload: UnsafeRawBufferPointer, _ now: UInt64) {
        if socket.startedAt > 0 {
            // The first frame of the one-room form is the count of those online: the room is joined.
            socket.startedAt = 0
            ready += 1
        }
        guard socket.index < plan.publishers else { return }
        guard let number = AckFrame.ref(in: payload) else {
            if refusals.take(payload) { lastHeard = now }
            return
        }
        guard number >= counted[socket.index] else { return }
        let record = records[socket.index][number & (Self.memory - 1)]
        if record.number == number { acks.record(nanoseconds: now - min(now, record.sent)) }
    }
}

extension FanoutRun: LoadRun {
    func connect(_ load: LoadGenerator, _ control: LoadControl) throws(ChatError) {
        self.load = load
        ledgers = Array(repeating: Ledger(streams: plan.publishers), count: plan.clients)
        try control.connectAll(load, count: plan.clients) { ready }
    }

    var inFlight: Int { sent.indices.reduce(0) { $0 + sent[$1] - counted[$1] } - completed - refusals.total }

    func post(_ stream: Int, at time: UInt64) {
        let number = sent[stream]
        sent[stream] += 1
        records[stream][number & (Self.memory - 1)] = Record(number: number, sent: time)
        let body = Marker(stream: stream, number: number).body(size: plan.payload)
        waiting[stream] += LoadGenerator.frame(Array("{\"body\":\"".utf8) + body + Array("\",\"ref\":\(number)}".utf8))
    }

    func flush() {
        guard let load else { return }
        for stream in waiting.indices where !waiting[stream].isEmpty {
            load.sendFrames(load.sockets[stream], waiting[stream])
            waiting[stream].removeAll(keepingCapacity: true)
        }
    }

    func beginCounting(at now: UInt64) {
        counted = sent
        (completed, deliveries, lastHeard) = (0, 0, now)
        for index in ledgers.indices { ledgers[index].forget() }
        for keyPath in [\FanoutRun.latencies, \.firsts, \.medians, \.lasts, \.acks] { self[keyPath: keyPath].reset() }
        refusals = Refusals()
        timeline = Timeline(begin: now, width: plan.pieceWidth)
    }

    var messages: Int { sent.indices.reduce(0) { $0 + sent[$1] - counted[$1] } }

    var expected: Int { messages * plan.clients }

    func fill(_ result: inout BenchResult) {
        var sums = LedgerSums()
        for index in ledgers.indices {
            ledgers[index].close(sent: sent) { _ in true }
            sums += ledgers[index].sums
        }
        result.ledger = sums
        result.refused = refusals.counts
        result.deliveries = deliveries
        result.expected = expected
        result.deliveriesPerSecond = Double(deliveries) / result.seconds
        result.latency = latencies.summary
        result.curve = latencies.curve
        (result.first, result.median, result.last) = (firsts.summary, medians.summary, lasts.summary)
        result.ack = acks.summary
        result.timeline = timeline?.points ?? []
    }
}
