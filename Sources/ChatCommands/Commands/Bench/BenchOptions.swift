import ArgumentParser
import ChatCore

/// What all scenarios take.
struct BenchOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("How long to measure.", valueName: "duration"))
    var duration = DurationArgument(.seconds(10))

    @Option(help: ArgumentHelp("Messages, pages or, for connect, nothing: ends the measuring earlier.", valueName: "m"))
    var messages: Int?

    @Option(help: ArgumentHelp("Room to use on --server; else one is made and removed.", valueName: "name"))
    var room: String?

    @Option(help: ArgumentHelp("Process of the server at --server, for its CPU and memory.", valueName: "pid"))
    var serverPid: Int32?

    @Option(help: ArgumentHelp("Write a page with the curves.", valueName: "file.html"))
    var report: String?

    @Option(
        help: ArgumentHelp("Conditions such as 'p99<200ms,missing=0'; status 1 when one is missed.", valueName: "slo"))
    var slo: String?

    @Option(help: ArgumentHelp("Output of an earlier --json to compare with.", valueName: "old.json"))
    var baseline: String?

    @Option(
        help: ArgumentHelp(
            "How much worse than --baseline is status 1, when two more runs are not better.", valueName: "percent"))
    var maxRegress = "10%"

    /// - Throws: `ValidationError` for what makes no sense.
    func check() throws {
        guard duration.value > .zero, duration.value <= .seconds(3_600) else {
            throw ValidationError("--duration is not from 1ms to 1h")
        }
        guard messages ?? 1 > 0 else { throw ValidationError("--messages is not positive") }
    }
}

/// How connections post, for the scenarios in which they do.
struct BenchLoadOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Messages under way of each publisher (closed loop).", valueName: "w"))
    var window: Int?

    @Option(help: ArgumentHelp("Messages a second in all, on a schedule that waits for nobody.", valueName: "r"))
    var rate: Double?

    @Option(help: ArgumentHelp("Bytes of a body.", valueName: "b"))
    var payload = 128

    @Option(help: ArgumentHelp("How long to warm up before.", valueName: "duration"))
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
