import ChatCore

extension ReplSession {
    /// Waits for what an expectation is about, or for a time.
    ///
    /// - Throws: `expectationFailed`; `usage` for what is no pattern; `invalidInput` for a match that takes too long.
    func wait(_ action: ReplAction) async throws(ChatError) {
        switch action {
        case .expect(let text, let limit):
            try await expect(try Pattern(text, option: "/expect"), text, within: limit ?? plan.patience)
        case .expectNot(let text, let duration):
            try await expectNot(try Pattern(text, option: "/expect-not"), text, during: duration)
        case .sleep(let duration):
            do { try await Task.sleep(for: duration) } catch { throw ChatError.wrapping(error) }
        default: return
        }
    }

    private func expect(_ pattern: Pattern, _ text: String, within limit: Duration) async throws(ChatError) {
        let screen = screen
        guard try await Self.find(pattern, on: screen, within: limit) == nil else { return }
        let last = screen.lines(from: screen.mark).lines.last.map { "; the last line was: \($0)" } ?? ""
        throw ChatError(.expectationFailed, "expected a line that matches '\(text)' within \(limit)\(last)")
    }

    private func expectNot(_ pattern: Pattern, _ text: String, during time: Duration) async throws(ChatError) {
        guard let line = try await Self.find(pattern, on: screen, within: time) else { return }
        throw ChatError(.expectationFailed, "expected no line that matches '\(text)', and there was: \(line)")
    }

    /// The first line behind the mark that matches, behind which the mark then is; nil when there was none in time.
    ///
    /// Lines shown at the end of the time are still looked at: what had come counts, however late this task runs.
    private static func find(
        _ pattern: Pattern, on screen: ReplScreen, within limit: Duration
    ) async throws(ChatError) -> String? {
        let matcher = PatternMatcher(pattern)
        let changes = screen.changes()
        let deadline = ContinuousClock.now + limit
        var next = screen.mark
        while true {
            try screen.requireWritten()
            let isLast = ContinuousClock.now >= deadline
            let (first, lines) = screen.lines(from: next)
            for (index, line) in lines.enumerated() where try await matcher.matches(line) {
                screen.matched(first + index)
                return line
            }
            next = first + lines.count
            if isLast { return nil }
            await change(of: changes, before: deadline)
            if Task.isCancelled { throw ChatError.wrapping(CancellationError()) }
        }
    }

    /// Returns after the next change, or at the deadline.
    private static func change(of changes: AsyncStream<Void>, before deadline: ContinuousClock.Instant) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in changes { return } }
            group.addTask { try? await Task.sleep(until: deadline) }
            await group.next()
            group.cancelAll()
        }
    }
}
