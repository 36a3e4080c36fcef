/// Latencies in microseconds.
struct LatencySummary: Sendable, Equatable {
    var p50: UInt64 = 0
    var p90: UInt64 = 0
    var p99: UInt64 = 0
    var p999: UInt64 = 0
    var max: UInt64 = 0
}

/// What all receivers' ledgers say together.
struct LedgerSums: Sendable, Equatable {
    var missing = 0
    var duplicates = 0
    var outOfOrder = 0

    static func += (sums: inout LedgerSums, more: LedgerSums) {
        sums.missing += more.missing
        sums.duplicates += more.duplicates
        sums.outOfOrder += more.outOfOrder
    }
}

/// What the measured server used.
struct ServerUsage: Sendable, Equatable {
    var residentBytes: Int
    var bytesPerConnection: Double?
    /// Within the measured time.
    var cpuSeconds: Double
}

/// A piece of the measured time.
struct TimelinePoint: Sendable, Equatable {
    /// Since the measuring began, in seconds.
    var at: Double
    var perSecond: Double
    var p50: UInt64
    var p99: UInt64
}

/// How long a page of history takes behind so many newer messages.
struct DepthLatency: Sendable, Equatable {
    var depth: Int
    var latency: LatencySummary
}

/// What one run of `bench` found; nil where the scenario has no such figure.
struct BenchResult: Sendable {
    var scenario: String
    /// The words of the command that matter, name and value, in order.
    var settings: [(name: String, value: String)] = []
    var clients = 0
    var publishers = 0
    var payloadBytes = 0
    /// Messages of each publisher under way (in `connect`: connections), nil on a schedule.
    var window: Int?
    /// Messages a second of an open loop.
    var rate: Double?
    var messages = 0
    var deliveries: Int?
    var expected: Int?
    var ledger: LedgerSums?
    /// Messages that the server did not take, by the code of its answer; they count as missing.
    var refused: [String: Int]?
    /// How long was measured.
    var seconds = 0.0
    var deliveriesPerSecond: Double?
    var messagesPerSecond: Double?
    var connectsPerSecond: Double?
    /// Of all deliveries; in `connect` of connecting and joining, in `history` of a page, in `ingest` of an ack.
    var latency: LatencySummary?
    /// Of the first, the middle and the last recipient of each message.
    var first: LatencySummary?
    var median: LatencySummary?
    var last: LatencySummary?
    var ack: LatencySummary?
    var server: ServerUsage?
    var generatorCPUSeconds = 0.0
    /// The generator, not the server, set the pace.
    var generatorWasLimit = false
    /// From the last join to the frame that shows everyone, in milliseconds.
    var settledMilliseconds: Double?
    /// The most count frames of one room that came within a second.
    var countFramesPerSecond: Int?
    /// The server's memory after all connections were closed, and before they came.
    var residentBytesBefore: Int?
    var residentBytesAfterClose: Int?
    var depths: [DepthLatency] = []
    /// Percentile (0 to 100) and microseconds of ``latency``.
    var curve: [(percentile: Double, microseconds: UInt64)] = []
    var timeline: [TimelinePoint] = []
    /// Processor, cores, kernel.
    var machine = ""
    /// Interrupted: these are the figures so far.
    var isPartial = false

    /// `3 rate_limited, 1 muted`, the most first; nil when nothing was refused.
    var refusals: String? {
        guard let refused, !refused.isEmpty else { return nil }
        let ordered = refused.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return ordered.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    /// What a delivery, or in other scenarios a page or a connection, cost the generator, in CPU microseconds.
    var generatorCPUPerUnit: Double? {
        Self.each(
            generatorCPUSeconds, deliveries: deliveries.map(Double.init), messages: Double(messages), clients: clients)
    }

    /// CPU microseconds of each delivery, or of each message or connection where there were none.
    static func each(_ cpuSeconds: Double?, deliveries: Double?, messages: Double?, clients: Int) -> Double? {
        let units = [deliveries, messages, Double(clients)].compactMap { $0 }.first { $0 > 0 }
        return cpuSeconds.flatMap { cpu in units.map { cpu * 1e6 / $0 } }
    }

    /// Server CPU of one delivery in microseconds.
    var cpuPerDelivery: Double? {
        guard let server, let deliveries, deliveries > 0 else { return nil }
        return server.cpuSeconds * 1e6 / Double(deliveries)
    }

    /// Server CPU of one message in microseconds.
    var cpuPerMessage: Double? {
        guard let server, messages > 0 else { return nil }
        return server.cpuSeconds * 1e6 / Double(messages)
    }
}
