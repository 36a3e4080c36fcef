import ChatCore
import ChatTerminal

/// The hidden command that the completion scripts call: `chatctl __complete WORD…`, with the words behind the program's name
/// up to the cursor.
///
/// It prints what kind of answer it is (`words`, `files`, `directories`, `command N` or nothing) on the first line, and on
/// each further line a word, a tab and what to show beside it. It says nothing on standard error and ends in time, whatever
/// the database or the server does: somebody waits at a keyboard.
enum Completion {
    static let verb = "__complete"

    /// How long live names may take, unless CHATCTL_COMPLETION_TIMEOUT says otherwise. Beyond it a person notices, and
    /// nothing is better than to wait.
    private static let patience: Duration = .milliseconds(150)

    /// More than anybody reads.
    private static let most = 500

    static func answer(_ arguments: [String], _ context: CommandContext) async throws(ChatError) -> Int32 {
        let words = Array(arguments.dropFirst())
        let plan = CompletionPlan(words)
        let lines: [String]
        switch plan.source {
        case .nothing: lines = []
        case .files(let extensions): lines = ["files"] + extensions
        case .directories: lines = ["directories"]
        case .command(let index): lines = ["command \(index)"]
        case .words(let candidates): lines = ["words"] + shown(candidates, plan)
        case .names(let name, let user):
            let limit = context.environment["CHATCTL_COMPLETION_TIMEOUT"].flatMap { Duration(chatText: $0) } ?? patience
            let names = await InTime.first(within: limit) {
                await LiveNames(words, beginning: plan.typed, atMost: most, context)?.list(name, of: user) ?? []
            }
            lines = ["words"] + shown(names ?? [], plan)
        }
        guard !lines.isEmpty else { return 0 }
        try context.output.write(Array((lines.joined(separator: "\n") + "\n").utf8))
        return 0
    }

    private static func shown(_ candidates: [CompletionPlan.Candidate], _ plan: CompletionPlan) -> [String] {
        candidates.lazy.filter { $0.text.hasPrefix(plan.typed) }.prefix(most).map {
            "\(plan.front)\($0.text)\t\(Harmless.text($0.help))"
        }
    }
}

/// Work whose result counts only if it comes in time.
enum InTime {
    /// The result of `work`, or nil once `limit` has passed. Unlike ``Deadline`` it does not wait for the end of work that is
    /// late, which may hang in a library: the process is about to end.
    static func first<Value: Sendable>(
        within limit: Duration, _ work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let (results, found) = AsyncStream<Value?>.makeStream()
        let working = Task { found.yield(await work()) }
        let waiting = Task {
            try? await Task.sleep(for: limit)
            found.yield(nil)
        }
        defer {
            working.cancel()
            waiting.cancel()
        }
        for await result in results { return result }
        return nil
    }
}
