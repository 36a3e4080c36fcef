import ChatCore
import Dispatch
import Synchronization

/// Matches one pattern on a thread of its own: a match can take longer than anybody waits, and nothing can stop it then but
/// the end of the process.
///
/// `@unchecked Sendable`: `regex` is touched on the queue only.
final class PatternMatcher: @unchecked Sendable {
    /// After so long a pattern is given up.
    private static let patience: Duration = .seconds(10)

    private let pattern: Pattern
    private let queue = DispatchQueue(label: "chatctl.pattern")
    private var regex: Regex<AnyRegexOutput>?

    init(_ pattern: Pattern) {
        self.pattern = pattern
    }

    /// - Throws: `invalidInput` when the match takes too long; `interrupted` when the task is cancelled meanwhile.
    func matches(_ text: String) async throws(ChatError) -> Bool {
        let answer = Answer()
        queue.async { [self] in
            regex = regex ?? pattern.compiled()
            answer.give(regex.map { text.firstMatch(of: $0) != nil } ?? false)
        }
        let late = Task { [patience = Self.patience] in
            try await Task.sleep(for: patience)
            answer.give(nil)
        }
        defer { late.cancel() }
        let outcome = await withTaskCancellationHandler {
            await answer.wait()
        } onCancel: {
            answer.give(nil)
        }
        if let outcome { return outcome }
        if Task.isCancelled { throw ChatError.wrapping(CancellationError()) }
        throw ChatError(
            .invalidInput, "\(pattern.option): a match takes too long",
            hint: "simplify the pattern: nested repetitions such as (a+)+ need exponential time")
    }

    /// The first answer given counts; nil for none.
    private final class Answer: Sendable {
        private struct State {
            var given: Bool??
            var waiting: CheckedContinuation<Bool?, Never>?
        }

        private let state = Mutex(State())

        func give(_ answer: Bool?) {
            let waiting = state.withLock { state -> CheckedContinuation<Bool?, Never>? in
                guard state.given == nil else { return nil }
                state.given = .some(answer)
                defer { state.waiting = nil }
                return state.waiting
            }
            waiting?.resume(returning: answer)
        }

        func wait() async -> Bool? {
            await withCheckedContinuation { continuation in
                let given = state.withLock { state -> Bool?? in
                    if state.given == nil { state.waiting = continuation }
                    return state.given
                }
                if let given { continuation.resume(returning: given) }
            }
        }
    }
}
