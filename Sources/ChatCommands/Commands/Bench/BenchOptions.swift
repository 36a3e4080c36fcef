import ArgumentParser
import ChatBench
import ChatCore

/// The options of all scenarios.
struct BenchOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("How long to measure.", valueName: "duration"))
    var duration = DurationArgument(.seconds(10))

    @Option(
        help: ArgumentHelp(
            "Stop after this number of messages (history: pages), if that is earlier; connect ignores it.",
            valueName: "m")
    )
    var messages: Int?

    @Option(
        help: ArgumentHelp("Room to use on --server; otherwise one is made and removed.", valueName: "name"),
        completion: .live(.rooms))
    var room: String?

    @Option(help: ArgumentHelp("Process id of the server at --server, to report its CPU and memory.", valueName: "pid"))
    var serverPid: Int32?

    @Option(help: ArgumentHelp("Write a report page with charts.", valueName: "file.html"), completion: .file())
    var report: String?

    @Option(
        help: ArgumentHelp(
            "Conditions such as 'p99<200ms,missing=0'; exits with 1 when one is missed.", valueName: "slo"))
    var slo: String?

    @Option(
        help: ArgumentHelp("Output of an earlier --json to compare with.", valueName: "old.json"), completion: .file())
    var baseline: String?

    @Option(
        help: ArgumentHelp(
            "How much worse than --baseline a figure may be; exits with 1 when three runs in turn are worse.",
            valueName: "percent"))
    var maxRegress = "10%"

    /// - Throws: `ValidationError` for values out of range.
    func check() throws {
        guard duration.value > .zero, duration.value <= .seconds(3_600) else {
            throw ValidationError("--duration is not from 1ms to 1h")
        }
        guard messages ?? 1 > 0 else { throw ValidationError("--messages is not positive") }
    }

    /// - Throws: `usage` for what cannot be read, `notFound` or `invalidInput` for the baseline's file.
    func criteria() throws(ChatError) -> PassCriteria {
        let old = try baseline.map { path throws(ChatError) in
            guard let text = try TextFile.read(path) else { throw ChatError(.notFound, "\(path): no such file") }
            return try Baseline(json: Array(text.utf8))
        }
        return try PassCriteria(serviceLevel: slo, baseline: old, maxRegress: maxRegress)
    }
}

/// How connections post, for the scenarios in which they do.
struct BenchLoadOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Messages in flight per publisher (closed loop).", valueName: "w"))
    var window: Int?

    @Option(help: ArgumentHelp("Messages per second in total, on a fixed schedule (open loop).", valueName: "r"))
    var rate: Double?

    @Option(help: ArgumentHelp("Bytes of a message's body.", valueName: "b"))
    var payload = LoadPlan.usualPayload

    @Option(help: ArgumentHelp("How long to warm up before measuring.", valueName: "duration"))
    var warmUp = DurationArgument(.seconds(1))

    func check() throws {
        guard (1...10_000).contains(window ?? 1) else { throw ValidationError("--window is not from 1 to 10000") }
        guard (0.01...1_000_000).contains(rate ?? 1) else {
            throw ValidationError("--rate is not from 0.01 to 1000000")
        }
        guard rate == nil || window == nil else { throw ValidationError("--rate and --window exclude each other") }
        guard (32...Limits.bodyBytes).contains(payload) else {
            throw ValidationError("--payload is not from 32 to \(Limits.bodyBytes)")
        }
    }
}

extension LoadPlan {
    /// - Parameter window: the scenario's own when none is given.
    init(_ bench: BenchOptions, _ load: BenchLoadOptions, window: Int) {
        self.init()
        (duration, messages) = (bench.duration.value, bench.messages)
        (rate, payload, warmUp) = (load.rate, load.payload, load.warmUp.value)
        self.window = load.window ?? window
    }
}
