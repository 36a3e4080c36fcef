import ChatCore
import Glibc

/// `bench history`: pages of 50 messages at several depths of one room, one request after the other on one connection.
struct HistoryRun {
    private static let page = 50

    let plan: LoadPlan
    let isStopped: @Sendable () -> Bool
    let progress: @Sendable (String) -> Void

    func run(at place: BenchPlace) throws(ChatError) -> BenchResult {
        let lastSeq = place.lastSeq
        let depths = Self.depths(upTo: lastSeq)
        guard !depths.isEmpty else {
            throw ChatError(.invalidInput, "room \(place.rooms[0]): it has \(lastSeq) messages, too few to page in")
        }
        let client = try PageClient(place)
        var recorders = Array(repeating: LatencyRecorder(), count: depths.count)
        var (all, pages) = (LatencyRecorder(), 0)
        // Every page is asked for once before it counts.
        for depth in depths { _ = try client.page(before: lastSeq - depth + Self.page + 1, limit: Self.page) }
        let (start, cpu, server) = (LoadClock.now(), LoadClock.threadCPU(), place.process?.cpuSeconds)
        var timeline = Timeline(begin: start, width: plan.pieceWidth)
        let end = start + UInt64(max(0, plan.duration.milliseconds)) * 1_000_000
        // In turn, so that whatever else the machine does falls on all depths alike.
        while LoadClock.now() < end, !isStopped(), pages < plan.messages ?? .max {
            for index in depths.indices {
                let latency = try client.page(before: lastSeq - depths[index] + Self.page + 1, limit: Self.page)
                recorders[index].record(nanoseconds: latency)
                all.record(nanoseconds: latency)
                timeline.record(at: LoadClock.now(), nanoseconds: latency)
                pages += 1
            }
            if pages % 512 < depths.count { progress("measuring: \(pages) pages") }
        }
        var result = BenchResult(scenario: "history")
        result.settings = [("messages in the room", String(lastSeq)), ("page", String(Self.page))]
        result.seconds = Double(LoadClock.now() - start) / 1e9
        result.generatorCPUSeconds = Double(LoadClock.threadCPU() - cpu) / 1e9
        (result.clients, result.messages) = (1, pages)
        result.messagesPerSecond = Double(pages) / result.seconds
        (result.latency, result.curve, result.timeline) = (all.summary, all.curve, timeline.points)
        result.depths = zip(depths, recorders).map { depth, recorder in
            DepthLatency(depth: depth, latency: recorder.summary ?? LatencySummary())
        }
        if let server, let now = place.process?.cpuSeconds, let resident = place.process?.residentBytes {
            result.server = ServerUsage(residentBytes: resident, bytesPerConnection: nil, cpuSeconds: now - server)
        }
        result.isPartial = isStopped()
        return result
    }

    /// A thousand and its tenfolds, up to the room's first page.
    private static func depths(upTo lastSeq: Int) -> [Int] {
        var depths = [100, 1_000, 10_000, 100_000, 1_000_000].filter { $0 <= lastSeq }
        if lastSeq >= page, depths.last.map({ lastSeq >= 2 * $0 }) ?? true { depths.append(lastSeq) }
        return depths
    }
}

/// Asks for pages of a room over HTTP, on one connection that stays open.
final class PageClient {
    private let place: BenchPlace
    private let token: String
    private let socket: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)

    init(_ place: BenchPlace) throws(ChatError) {
        self.place = place
        guard let token = place.tokenOfFirst else {
            throw ChatError(.usage, "bench history: needs a token", hint: "set CHATCTL_TOKEN or --token-file")
        }
        self.token = token
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var (address, one) = (place.address, Int32(1))
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw failure(String(cString: strerror(errno))) }
    }

    deinit { close(socket) }

    /// How long one page took, from the request's first byte to the answer's last, in nanoseconds.
    func page(before seq: Int, limit: Int) throws(ChatError) -> UInt64 {
        let request = """
            GET /api/v1/rooms/\(place.rooms[0])/messages?before=\(seq)&limit=\(limit) HTTP/1.1\r
            Host: \(place.authority)\r
            Authorization: Bearer \(token)\r
            \r

            """
        let bytes = Array(request.utf8)
        let start = LoadClock.now()
        guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { throw failure("it is gone") }
        var (count, whole) = (0, Int.max)
        while count < whole {
            let read = recv(socket, &buffer[count], buffer.count - count, 0)
            guard read > 0 else { throw failure("it gave no whole answer") }
            count += read
            if whole == .max { whole = try length(count) ?? .max }
        }
        return LoadClock.now() - start
    }

    /// The bytes of head and body together, nil while the head is not whole.
    private func length(_ count: Int) throws(ChatError) -> Int? {
        let text = String(decoding: buffer[..<min(count, 4_096)], as: UTF8.self)
        guard let end = text.range(ofHead: "\r\n\r\n") else { return nil }
        let lines = text.utf8.prefix(end).split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
        guard lines.first?.hasPrefix("HTTP/1.1 200") == true else {
            throw failure("it answered '\(lines.first?.prefix { $0 != "\r" && $0 != "\r\n" } ?? "")'")
        }
        let header = lines.first { $0.lowercased().hasPrefix("content-length:") } ?? ""
        guard let body = Int(header.dropFirst(15).filter(\.isNumber)), end + body < buffer.count else {
            throw failure("its answer has no length that can be read")
        }
        return end + body
    }

    private func failure(_ why: String) -> ChatError {
        ChatError(.unavailable, "server \(place.url): \(why)")
    }
}

extension String {
    /// The number of bytes up to and with `mark`.
    fileprivate func range(ofHead mark: String) -> Int? {
        let (bytes, mark) = (Array(utf8), Array(mark.utf8))
        guard bytes.count >= mark.count else { return nil }
        return (0...(bytes.count - mark.count)).first { Array(bytes[$0..<($0 + mark.count)]) == mark }.map {
            $0 + mark.count
        }
    }
}
