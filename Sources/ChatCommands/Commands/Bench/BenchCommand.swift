import ChatBench
import ChatCore
import Glibc
import Synchronization

/// A command that measures one scenario.
protocol BenchCommand: ChatCommand {
    var bench: BenchOptions { get }
}

extension BenchCommand {
    /// Measures, prints and judges.
    ///
    /// - Throws: `expectationFailed` when a condition or the baseline is missed, `interrupted` after Ctrl-C.
    func measure(_ invocation: Invocation, _ scenario: any Scenario) async throws(ChatError) {
        // Faults in these are reported before minutes are spent on measuring.
        let criteria = try bench.criteria()
        let stop = StopSignal()
        defer { stop.endWatching() }
        let control = RunControl(isStopped: { stop.isSet }, progress: { invocation.screen.progress($0) })
        let server = BenchServer(
            invocation: invocation, options: bench, needs: scenario.needs, progress: control.progress)
        let measurement = Measurement(scenario, criteria, control, notice: { invocation.screen.notice($0) }) {
            () throws(ChatError) in
            let found = try await server.find()
            stop.watch(invocation.signals)
            return found
        }
        let report = try await measurement.perform()
        try invocation.show(json: { $0.benchResult(report.result) }) { BenchOutput.lines(BenchText(report.result)) }
        if let path = bench.report { try TextFile.write(ReportPage.html(report.result), to: path) }
        for line in BenchOutput.lines(report.verdict) { invocation.screen.notice(line) }
        try report.requirePass()
    }
}

/// A flag that SIGINT or SIGTERM sets, for the measuring thread to read.
private final class StopSignal: Sendable {
    private let flag = Atomic(false)
    private let watching = Mutex<Task<Void, Never>?>(nil)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    /// From the first call on, a signal sets the flag and no longer ends the program.
    func watch(_ signals: Signals) {
        watching.withLock { watching in
            guard watching == nil else { return }
            let signals = signals.stream(of: [SIGINT, SIGTERM])
            watching = Task { for await _ in signals { flag.store(true, ordering: .relaxed) } }
        }
    }

    func endWatching() { watching.withLock { $0?.cancel() } }
}
