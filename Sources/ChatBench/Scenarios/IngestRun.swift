import ChatCore

/// `bench ingest`: every connection posts to its rooms and counts acknowledgements; each room has a few members, who
/// all keep ledgers.
final class IngestRun: PostingRun {
    private let plan: LoadPlan
    private let rooms: [RoomName]
    private let layout: IngestLayout
    private var tally: IngestTally
    private var load: LoadGenerator?
    /// Frames to send, of each connection.
    private var queued: [[UInt8]]
    /// Rooms that each connection has joined.
    private var joined: [Int]
    private var ready = 0

    init(_ plan: LoadPlan, rooms: [RoomName], members: Int) {
        self.plan = plan
        self.rooms = rooms
        layout = IngestLayout(clients: plan.clients, rooms: rooms.count, members: members)
        tally = IngestTally(layout, window: plan.rate == nil ? plan.window : nil)
        queued = Array(repeating: [], count: plan.clients)
        joined = Array(repeating: 0, count: plan.clients)
    }

    // MARK: LoadReceiver

    func opened(_ socket: LoadSocket) {
        for room in layout.joins[socket.index] { load?.send(JoinFrame.text(rooms[room]), on: socket) }
    }

    func received(_ payload: UnsafeRawBufferPointer, on socket: LoadSocket, at now: UInt64) {
        if let marker = Marker.find(in: payload, hint: &socket.hint) {
            tally.received(marker, by: socket.index)
        } else if let ref = AckFrame.ref(in: payload) {
            tally.acknowledged(ref, of: socket.index, at: now)
        } else if JoinedFrame.matches(payload) {
            joined[socket.index] += 1
            if joined[socket.index] == layout.joins[socket.index].count { ready += 1 }
        } else {
            tally.refused(payload, of: socket.index, at: now)
        }
    }

    // MARK: PostingRun

    var counts: LoadCounts { tally.counts }

    func connect(_ load: LoadGenerator, _ driver: LoadDriver) throws(ChatError) {
        self.load = load
        try driver.connectAll(load, count: plan.clients) { ready }
    }

    func post(_ publisher: Int, at time: UInt64) {
        let post = tally.post(publisher, at: time)
        let room = rooms[layout.room(of: post.stream)]
        let body = Marker(stream: post.stream, number: post.number).body(size: plan.payload)
        queued[publisher] += FrameBytes.frame(
            Array("{\"event\":\"message\",\"room\":\"\(room)\",\"body\":\"".utf8) + body
                + Array("\",\"ref\":\(post.ref)}".utf8))
    }

    func flush() {
        guard let load else { return }
        for index in queued.indices where !queued[index].isEmpty {
            load.send(frames: queued[index], on: load.sockets[index])
            queued[index].removeAll(keepingCapacity: true)
        }
    }

    func beginCounting(at now: UInt64) { tally.beginCounting(at: now, intervalWidth: plan.intervalWidth) }

    func fill(_ result: inout BenchResult) { tally.fill(&result) }
}
