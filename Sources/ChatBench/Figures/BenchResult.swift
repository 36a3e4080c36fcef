/// The percentiles of a latency, in microseconds.
struct LatencySummary: Sendable, Equatable {
    var p50: UInt64 = 0
    var p90: UInt64 = 0
    var p99: UInt64 = 0
    var p999: UInt64 = 0
    var max: UInt64 = 0
}

/// What the server used while it was measured.
struct ServerUsage: Sendable, Equatable {
    var residentBytes: Int
    var bytesPerConnection: Double?
    /// Spent within the measured time.
    var cpuSeconds: Double
}

/// One interval of the measured time.
struct TimelinePoint: Sendable, Equatable {
    /// The end of the interval, in seconds since measuring began.
    var at: Double
    var perSecond: Double
    var p50: UInt64
    var p99: UInt64
}

/// The latency of history pages at one depth, which is the number of newer messages.
struct DepthLatency: Sendable, Equatable {
    var depth: Int
    var latency: LatencySummary
}

/// What one run measured; a figure that the scenario does not have is nil.
package struct BenchResult: Sendable {
    var scenario: String
    /// The settings that identify the run, in the order they are shown.
    var settings: [(name: String, value: String)] = []
    var clients = 0
    var publishers = 0
    var payloadBytes = 0
    /// Messages of each publisher in flight (in `connect`: connections in progress); nil in an open loop.
    var window: Int?
    /// Messages per second of an open loop.
    var rate: Double?
    var messages = 0
    var deliveries: Int?
    var expected: Int?
    var ledger: LedgerSums?
    /// Messages that the server refused, by error code; they count as missing.
    var refused: [String: Int]?
    /// The measured time.
    var seconds = 0.0
    var deliveriesPerSecond: Double?
    var messagesPerSecond: Double?
    var connectsPerSecond: Double?
    /// From sending to each delivery; in `connect` of connecting and joining, in `history` of a page, in `ingest` from
    /// sending to the ack.
    var latency: LatencySummary?
    /// Of the first, the median and the last recipient of each message.
    var first: LatencySummary?
    var median: LatencySummary?
    var last: LatencySummary?
    var ack: LatencySummary?
    var server: ServerUsage?
    var generatorCPUSeconds = 0.0
    /// The load generator was the bottleneck, not the server.
    var generatorWasLimit = false
    /// From the last join to the count frame that shows everyone, in milliseconds.
    var settledMilliseconds: Double?
    /// The most count frames of one room that arrived within a second.
    var countFramesPerSecond: Int?
    /// The server's memory before the connections and after they closed.
    var residentBytesBefore: Int?
    var residentBytesAfterClose: Int?
    var depths: [DepthLatency] = []
    /// The distribution of ``latency``; percentiles go from 0 to 100.
    var curve: [(percentile: Double, microseconds: UInt64)] = []
    var timeline: [TimelinePoint] = []
    /// The machine that measured: processor, cores, kernel.
    var machine = ""
    /// The run was interrupted: these are the figures so far.
    package internal(set) var isPartial = false

    /// ``refused`` as text, such as `3 rate_limited, 1 muted`; nil when nothing was refused.
    var refusals: String? {
        guard let refused, !refused.isEmpty else { return nil }
        let ordered = refused.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return ordered.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    /// Generator CPU per delivery, or per page or connection where there are none, in microseconds.
    var generatorCPUPerUnit: Double? {
        Self.cpuPerUnit(
            generatorCPUSeconds, deliveries: deliveries.map(Double.init), messages: Double(messages), clients: clients)
    }

    /// CPU microseconds per delivery, or per message or connection where there are none.
    static func cpuPerUnit(_ cpuSeconds: Double?, deliveries: Double?, messages: Double?, clients: Int) -> Double? {
        let units = [deliveries, messages, Double(clients)].compactMap { $0 }.first { $0 > 0 }
        return cpuSeconds.flatMap { cpu in units.map { cpu * 1e6 / $0 } }
    }

    /// Server CPU per delivery, in microseconds.
    var cpuPerDelivery: Double? {
        guard let server, let deliveries, deliveries > 0 else { return nil }
        return server.cpuSeconds * 1e6 / Double(deliveries)
    }

    /// Server CPU per message, in microseconds.
    var cpuPerMessage: Double? {
        guard let server, messages > 0 else { return nil }
        return server.cpuSeconds * 1e6 / Double(messages)
    }
}
