import ChatCore
import Glibc

/// `bench connect`: many connections that join one room at once, watched by one that was there before.
final class ConnectRun: LoadReceiver {
    private let clients: Int
    private let window: Int
    private let room: RoomName
    private var load: LoadGenerator?
    private var watch: PresenceWatch
    private var ready = 0
    private var latencies = LatencyRecorder()
    private var timeline: Timeline?
    private var lastJoin: UInt64 = 0

    /// - Parameter everyone: distinct users among the connections, the watcher included; nil when not known.
    init(clients: Int, window: Int, room: RoomName, everyone: Int?) {
        self.clients = clients
        self.window = window
        self.room = room
        watch = PresenceWatch(everyone: everyone)
    }

    func opened(_ socket: LoadSocket) { load?.send(JoinFrame.text(room), on: socket) }

    func received(_ payload: UnsafeRawBufferPointer, on socket: LoadSocket, at now: UInt64) {
        if JoinedFrame.matches(payload) {
            ready += 1
            lastJoin = now
            guard socket.index > 0 else { return }
            latencies.record(nanoseconds: now.since(socket.startedAt))
            timeline?.record(at: now, nanoseconds: now.since(socket.startedAt))
        } else if socket.index == 0, let count = CountFrame.count(in: payload) {
            watch.take(count, at: now)
        }
    }

    /// Performs the whole run.
    func run(on server: ServerUnderTest, _ control: RunControl) throws(ChatError) -> BenchResult {
        var plan = LoadPlan()
        (plan.clients, plan.window) = (clients, window)
        let driver = LoadDriver(plan, control)
        let load = try LoadGenerator(server, path: "/ws", receiver: self)
        defer { load.closeAll() }
        self.load = load
        try driver.connectAll(load, count: 1) { ready }
        // The server's memory and the watcher's own count frames come to rest first.
        load.turn(for: 500_000_000, until: { false })
        let (before, cpuBefore) = (server.process?.residentBytes, server.process?.cpuSeconds)
        let (start, ownCPU) = (LoadClock.now(), LoadClock.threadCPU())
        timeline = Timeline(begin: start, width: 100_000_000)
        try driver.connectAll(load, count: clients + 1, atOnce: window) { ready }
        var result = BenchResult(scenario: "connect")
        result.seconds = Double(lastJoin.since(start)) / 1e9
        result.generatorCPUSeconds = Double(LoadClock.threadCPU() - ownCPU) / 1e9
        load.turn(for: 10_000_000_000, until: { watch.isSettled })
        let cpuAfter = server.process?.cpuSeconds
        // Count frames go on for a moment: the most of them in a second may come after the last join.
        load.turn(for: 2_000_000_000, until: control.isStopped)
        fill(&result)
        result.residentBytesBefore = before
        if let before, let cpuBefore, let cpuAfter, let resident = server.process?.residentBytes {
            result.server = ServerUsage(
                residentBytes: resident, bytesPerConnection: Double(resident - before) / Double(clients),
                cpuSeconds: cpuAfter - cpuBefore)
        }
        load.closeAll()
        if let before { result.residentBytesAfterClose = memoryAfterClose(server.process, before) }
        return result
    }

    private func fill(_ result: inout BenchResult) {
        (result.clients, result.window) = (clients, window)
        result.connectsPerSecond = Double(clients) / result.seconds
        (result.latency, result.curve) = (latencies.summary, latencies.curve)
        result.timeline = timeline?.points ?? []
        result.settledMilliseconds = watch.settledMilliseconds(after: lastJoin)
        result.countFramesPerSecond = watch.mostPerSecond
    }

    /// The least within 10 s, or the first reading within a tenth of what it was before the connections.
    private func memoryAfterClose(_ process: ServerProcess?, _ before: Int) -> Int? {
        var least: Int?
        for _ in 0..<100 {
            guard let now = process?.residentBytes else { return least }
            least = min(least ?? now, now)
            if Double(now) < 1.1 * Double(before) { return now }
            usleep(100_000)
        }
        return least
    }
}
