import ChatCore
import ChatWire

/// `bench ingest`: every connection posts to its rooms and counts acknowledgements; each room has a few members, who
/// all keep ledgers.
final class IngestRun: LoadScenario {
    private struct Client {
        /// The streams it posts, and where its next message goes.
        var streams: [Int] = []
        var turn = 0
        var joined = 0
        /// When each message under way was meant to leave, by its ref.
        var sentAt: [UInt64]
        var refs = 0
        var countedRefs = 0
        var waiting: [UInt8] = []
        var hears: Set<Int> = []
    }

    private let plan: LoadPlan
    private let rooms: [String]
    private let memory: Int
    private var load: LoadGenerator?
    private var clients: [Client]
    private var ledgers: [Ledger] = []
    private var sent: [Int]
    private var counted: [Int]
    private var ready = 0
    private(set) var completed = 0
    private(set) var messages = 0
    private(set) var deliveries = 0
    private(set) var expected = 0
    /// How many clients hear each room.
    private var audience: [Int]
    private(set) var lastHeard: UInt64 = 0
    private var acks = LatencyRecorder()
    private var refusals = Refusals()
    private var timeline: Timeline?

    /// - Parameter rooms: one name for each room of the plan.
    init(_ plan: LoadPlan, rooms: [String]) {
        self.plan = plan
        self.rooms = rooms
        memory = plan.rate == nil ? 1 << (plan.window * 4).bitWidthNeeded : 65_536
        clients = Array(
            repeating: Client(sentAt: Array(repeating: 0, count: memory)), count: plan.clients)
        let streams = rooms.count * plan.members
        sent = Array(repeating: 0, count: streams)
        counted = sent
        audience = Array(repeating: 0, count: rooms.count)
        for stream in 0..<streams { clients[stream % plan.clients].streams.append(stream) }
        for index in clients.indices {
            let rooms = Set(clients[index].streams.map { $0 / plan.members })
            for stream in 0..<streams where rooms.contains(stream / plan.members) {
                clients[index].hears.insert(stream)
            }
            for room in rooms { audience[room] += 1 }
        }
    }

    private func rooms(of client: Int) -> [Int] {
        Set(clients[client].streams.map { $0 / plan.members }).sorted()
    }

    // MARK: LoadScenario

    func opened(_ socket: LoadSocket) {
        for room in rooms(of: socket.index) {
            load?.send(socket, Array("{\"event\":\"join\",\"room\":\"\(rooms[room])\"}".utf8))
        }
    }

    func heard(_ socket: LoadSocket, _ payload: UnsafeRawBufferPointer, at now: UInt64) {
        if let marker = Marker.find(in: payload, hint: &socket.hint) {
            if ledgers[socket.index].take(marker), marker.number >= counted[marker.stream] { deliveries += 1 }
        } else if let ref = AckFrame.ref(in: payload) {
            acknowledged(socket.index, ref, now)
        } else if JoinedFrame.isOne(payload) {
            clients[socket.index].joined += 1
            if clients[socket.index].joined == rooms(of: socket.index).count { ready += 1 }
        } else if refusals.take(payload) {
            lastHeard = now
        }
    }

    private func acknowledged(_ client: Int, _ ref: Int, _ now: UInt64) {
        guard ref >= clients[client].countedRefs else { return }
        completed += 1
        lastHeard = now
        let latency = now - min(now, clients[client].sentAt[ref & (memory - 1)])
        acks.record(nanoseconds: latency)
        timeline?.record(at: now, nanoseconds: latency)
    }
}

extension IngestRun: LoadRun {
    func connect(_ load: LoadGenerator, _ control: LoadControl) throws(ChatError) {
        self.load = load
        ledgers = Array(repeating: Ledger(streams: sent.count), count: plan.clients)
        try control.connectAll(load, count: plan.clients) { ready }
    }

    var inFlight: Int { messages - completed - refusals.total }

    func post(_ publisher: Int, at time: UInt64) {
        messages += 1
        let turn = clients[publisher].turn
        let stream = clients[publisher].streams[turn % clients[publisher].streams.count]
        clients[publisher].turn = turn + 1
        let ref = clients[publisher].refs
        clients[publisher].refs = ref + 1
        clients[publisher].sentAt[ref & (memory - 1)] = time
        let body = Marker(stream: stream, number: sent[stream]).body(size: plan.payload)
        sent[stream] += 1
        expected += audience[stream / plan.members]
        clients[publisher].waiting += LoadGenerator.frame(
            Array("{\"event\":\"message\",\"room\":\"\(rooms[stream / plan.members])\",\"body\":\"".utf8) + body
                + Array("\",\"ref\":\(ref)}".utf8))
    }

    func flush() {
        guard let load else { return }
        for index in clients.indices where !clients[index].waiting.isEmpty {
            load.sendFrames(load.sockets[index], clients[index].waiting)
            clients[index].waiting.removeAll(keepingCapacity: true)
        }
    }

    func beginCounting(at now: UInt64) {
        counted = sent
        (completed, messages, deliveries, expected, lastHeard) = (0, 0, 0, 0, now)
        for index in clients.indices { clients[index].countedRefs = clients[index].refs }
        for index in ledgers.indices { ledgers[index].forget() }
        acks.reset()
        refusals = Refusals()
        timeline = Timeline(begin: now, width: plan.pieceWidth)
    }

    func fill(_ result: inout BenchResult) {
        var sums = LedgerSums()
        for index in ledgers.indices {
            let hears = clients[index].hears
            ledgers[index].close(sent: sent) { hears.contains($0) }
            sums += ledgers[index].sums
        }
        result.ledger = sums
        result.refused = refusals.counts
        result.deliveries = deliveries
        result.expected = expected
        result.deliveriesPerSecond = Double(deliveries) / result.seconds
        (result.latency, result.ack, result.curve) = (acks.summary, acks.summary, acks.curve)
        result.timeline = timeline?.points ?? []
    }
}

extension Int {
    /// How many bits hold this many different values.
    fileprivate var bitWidthNeeded: Int { Int.bitWidth - (self > 1 ? self - 1 : 0).leadingZeroBitCount }
}
