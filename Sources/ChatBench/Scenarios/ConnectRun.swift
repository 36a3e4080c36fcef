import ChatCore
import Glibc

/// `bench connect`: a storm of connections that all join one room, watched by one that was there before.
final class ConnectRun: LoadScenario {
    private static let counter = Array("\"online_count\":".utf8)

    private let plan: LoadPlan
    private let room: String
    private var load: LoadGenerator?
    private var ready = 0
    private var latencies = LatencyRecorder()
    private var timeline: Timeline?
    private var lastJoined: UInt64 = 0
    /// When count frames came to the watcher, and when one first showed everyone.
    private var countFrames: [UInt64] = []
    private var settledAt: UInt64?
    /// Users, not connections: how many a settled count shows.
    private let everyone: Int

    /// - Parameter everyone: different users among the connections, the watcher included; 0 when they are not known.
    init(_ plan: LoadPlan, room: String, everyone: Int) {
        self.plan = plan
        self.room = room
        self.everyone = everyone
    }

    func opened(_ socket: LoadSocket) {
        load?.send(socket, Array("{\"event\":\"join\",\"room\":\"\(room)\"}".utf8))
    }

    func heard(_ socket: LoadSocket, _ payload: UnsafeRawBufferPointer, at now: UInt64) {
        if JoinedFrame.isOne(payload) {
            ready += 1
            lastJoined = now
            guard socket.index > 0 else { return }
            latencies.record(nanoseconds: now - socket.startedAt)
            timeline?.record(at: now, nanoseconds: now - socket.startedAt)
        } else if socket.index == 0, let count = Self.count(in: payload) {
            countFrames.append(now)
            if count == everyone { settledAt = settledAt ?? now } else { settledAt = nil }
        }
    }

    /// Runs the whole and answers what was found.
    func run(_ control: LoadControl, at place: BenchPlace, isStopped: () -> Bool) throws(ChatError) -> BenchResult {
        let load = try LoadGenerator(place, path: "/ws", scenario: self)
        defer { load.closeAll() }
        self.load = load
        try control.connectAll(load, count: 1) { ready }
        settle(load, for: 500_000_000, until: { false })
        let (before, server) = (place.process?.residentBytes, place.process?.cpuSeconds)
        let (start, cpu) = (LoadClock.now(), LoadClock.threadCPU())
        timeline = Timeline(begin: start, width: 100_000_000)
        try control.connectAll(load, count: plan.clients + 1, atOnce: plan.window) { ready }
        var result = BenchResult(scenario: "connect")
        result.seconds = Double(lastJoined - start) / 1e9
        result.generatorCPUSeconds = Double(LoadClock.threadCPU() - cpu) / 1e9
        settle(load, for: 10_000_000_000, until: { settledAt != nil || everyone == 0 })
        let spent = place.process?.cpuSeconds
        settle(load, for: 2_000_000_000, until: isStopped)
        fill(&result, before: before, cpu: server.flatMap { from in spent.map { $0 - from } }, place)
        load.closeAll()
        if let before { result.residentBytesAfterClose = memoryAfterClose(place, before) }
        return result
    }

    private func fill(_ result: inout BenchResult, before: Int?, cpu: Double?, _ place: BenchPlace) {
        (result.clients, result.window) = (plan.clients, plan.window)
        result.connectsPerSecond = Double(plan.clients) / result.seconds
        (result.latency, result.curve) = (latencies.summary, latencies.curve)
        result.timeline = timeline?.points ?? []
        if let settledAt { result.settledMilliseconds = Double(settledAt - min(settledAt, lastJoined)) / 1e6 }
        result.countFramesPerSecond = mostWithinASecond
        result.residentBytesBefore = before
        if let before, let cpu, let resident = place.process?.residentBytes {
            let each = Double(resident - before) / Double(plan.clients)
            result.server = ServerUsage(residentBytes: resident, bytesPerConnection: each, cpuSeconds: cpu)
        }
    }

    private func settle(_ load: LoadGenerator, for limit: UInt64, until isDone: () -> Bool) {
        let end = LoadClock.now() + limit
        while LoadClock.now() < end, !isDone() { load.turn(milliseconds: 20) }
    }

    private var mostWithinASecond: Int {
        var (most, first) = (0, 0)
        for (index, time) in countFrames.enumerated() {
            // Four frames a second are 250 ms apart when they leave; on their way they may come 25 ms closer.
            while time - countFrames[first] >= 975_000_000 { first += 1 }
            most = max(most, index - first + 1)
        }
        return most
    }

    /// The least within 10 s, or what is within a tenth of before as soon as it is reached.
    private func memoryAfterClose(_ place: BenchPlace, _ before: Int) -> Int? {
        var least: Int?
        for _ in 0..<100 {
            guard let now = place.process?.residentBytes else { return least }
            least = min(least ?? now, now)
            if Double(now) < 1.1 * Double(before) { return now }
            usleep(100_000)
        }
        return least
    }

    private static func count(in payload: UnsafeRawBufferPointer) -> Int? {
        guard let start = payload.end(of: Self.counter) else { return nil }
        let digits = payload[start...].drop { $0 == UInt8(ascii: " ") }.prefix { $0 >= 0x30 && $0 <= 0x39 }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
