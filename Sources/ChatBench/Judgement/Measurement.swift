import ChatCore
import Dispatch

/// A measurement from beginning to end: a run, more of them while they are worse than the baseline, and the verdict.
///
/// Each run gets a server and releases it. It takes a thread of its own, because the generator blocks.
package struct Measurement: Sendable {
    /// Finds the server and prepares it for a run.
    package typealias Find = @Sendable () async throws(ChatError) -> ServerUnderTest

    private let scenario: any Scenario
    private let criteria: PassCriteria
    private let control: RunControl
    private let notice: @Sendable (String) -> Void
    private let find: Find

    /// - Parameters:
    ///   - notice: shows a line that stays, unlike the progress.
    ///   - find: called once for each run.
    package init(
        _ scenario: any Scenario, _ criteria: PassCriteria, _ control: RunControl,
        notice: @escaping @Sendable (String) -> Void, find: @escaping Find
    ) {
        self.scenario = scenario
        self.criteria = criteria
        self.control = control
        self.notice = notice
        self.find = find
    }

    /// Measures and judges. An interrupt ends it with the figures of the last complete run, or the first one's so far.
    ///
    /// - Throws: what finding the server and a run throw, `invalidInput` when the baseline is of another run.
    package func perform() async throws(ChatError) -> Report {
        var latest = try await run(after: nil)
        try criteria.requireComparable(latest)
        var runs = [latest]
        while criteria.wantsAnother(after: runs) {
            notice("worse than the baseline: measuring once more")
            guard let next = try await runUnlessInterrupted(after: latest) else {
                latest.isPartial = true
                break
            }
            latest = next
            runs.append(next)
        }
        return Report(result: latest, verdict: latest.isPartial ? .none : criteria.judge(runs))
    }

    /// Nil when the run was interrupted: the figures of the one before are complete and so the better ones.
    private func runUnlessInterrupted(after previous: BenchResult) async throws(ChatError) -> BenchResult? {
        do throws(ChatError) {
            let next = try await run(after: previous)
            return next.isPartial ? nil : next
        } catch {
            guard error.code == .interrupted else { throw error }
            return nil
        }
    }

    private func run(after previous: BenchResult?) async throws(ChatError) -> BenchResult {
        let server = try await find()
        do throws(ChatError) {
            guard !control.isStopped() else { throw ChatError(.interrupted, "bench: stopped") }
            var result = try await onThread(server)
            await server.release()
            control.progress("")
            let name = server.isTemporary ? "a temporary one" : server.endpoint.url
            result.settings = [("server", name)] + scenario.settings + result.settings
            result.machine = Machine.text
            // A server that keeps running has memory left from the first run's connections and reuses it for these.
            if !server.isTemporary, let previous {
                result.server?.bytesPerConnection = previous.server?.bytesPerConnection
            }
            return result
        } catch {
            control.progress("")
            await server.release()
            throw error
        }
    }

    private func onThread(_ server: ServerUnderTest) async throws(ChatError) -> BenchResult {
        let result: Result<BenchResult, ChatError> = await withCheckedContinuation { continuation in
            DispatchQueue(label: "chatctl.bench").async {
                continuation.resume(
                    returning: Result { () throws(ChatError) in try scenario.run(on: server, control) })
            }
        }
        return try result.get()
    }
}

extension Measurement {
    /// What a measurement found.
    package struct Report: Sendable {
        /// The figures of the last complete run.
        package let result: BenchResult
        package let verdict: Verdict

        /// The exit of the measurement.
        ///
        /// - Throws: `interrupted` for partial figures, `expectationFailed` when the verdict is not a pass.
        package func requirePass() throws(ChatError) {
            if result.isPartial { throw ChatError(.interrupted, "bench: interrupted, these are the figures so far") }
            try verdict.requirePass()
        }
    }
}
