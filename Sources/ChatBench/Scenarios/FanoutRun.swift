import ChatCore

/// `bench fanout`: everyone is in one room, the first few also post, and every receiver keeps a ledger.
final class FanoutRun: PostingRun {
    private let plan: LoadPlan
    private var tally: FanoutTally
    private var load: LoadGenerator?
    /// Frames to send, of each publisher.
    private var queued: [[UInt8]]
    private var isReady: [Bool]
    private var ready = 0

    init(_ plan: LoadPlan) {
        self.plan = plan
        tally = FanoutTally(receivers: plan.clients, publishers: plan.publishers)
        queued = Array(repeating: [], count: plan.publishers)
        isReady = Array(repeating: false, count: plan.clients)
    }

    // MARK: LoadReceiver

    func opened(_ socket: LoadSocket) {}

    func received(_ payload: UnsafeRawBufferPointer, on socket: LoadSocket, at now: UInt64) {
        if let marker = Marker.find(in: payload, hint: &socket.hint) {
            return tally.received(marker, by: socket.index, at: now)
        }
        if !isReady[socket.index] {
            // The first frame of the one-room form is the count of those online: the room is joined.
            isReady[socket.index] = true
            ready += 1
        }
        guard socket.index < plan.publishers else { return }
        if let number = AckFrame.ref(in: payload) {
            tally.acknowledged(number, of: socket.index, at: now)
        } else {
            tally.refused(payload, at: now)
        }
    }

    // MARK: PostingRun

    var counts: LoadCounts { tally.counts }

    func connect(_ load: LoadGenerator, _ driver: LoadDriver) throws(ChatError) {
        self.load = load
        try driver.connectAll(load, count: plan.clients) { ready }
    }

    func post(_ publisher: Int, at time: UInt64) {
        let number = tally.post(publisher, at: time)
        let body = Marker(stream: publisher, number: number).body(size: plan.payload)
        queued[publisher] += FrameBytes.frame(Array("{\"body\":\"".utf8) + body + Array("\",\"ref\":\(number)}".utf8))
    }

    func flush() {
        guard let load else { return }
        for publisher in queued.indices where !queued[publisher].isEmpty {
            load.send(frames: queued[publisher], on: load.sockets[publisher])
            queued[publisher].removeAll(keepingCapacity: true)
        }
    }

    func beginCounting(at now: UInt64) { tally.beginCounting(at: now, intervalWidth: plan.intervalWidth) }

    func fill(_ result: inout BenchResult) { tally.fill(&result) }
}
