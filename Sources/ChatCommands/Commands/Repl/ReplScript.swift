import ChatCore
import ChatTerminal

/// Runs the lines of a script, up to its end or the first line that fails.
struct ReplScript {
    /// What errors call the script.
    let name: String
    let lines: ReplLines
    let session: ReplSession
    /// Where the report goes, and what it is written on.
    let invocation: Invocation
    /// What commands say beside their results.
    let held: HeldOutput

    /// How a line ended.
    private enum Ending {
        case done(ReplSession.Outcome)
        case failed(ChatError, status: Int32)
    }

    /// - Returns: 0, or the exit status of the line that failed, which was told.
    /// - Throws: `outputFailed`, and what reading the lines throws.
    func run(_ format: ReplFormat?) async throws(ChatError) -> Int32 {
        var report = format.map { ReplReport($0, of: name) }
        try write(report?.head)
        var number = 0
        var failure: (error: ChatError, status: Int32)?
        while failure == nil {
            number += 1
            let start = ContinuousClock.now
            let (line, ending) = try await step()
            guard let line, let ending else { break }
            let place = "line \(number): \(line.trimmingBlanks)"
            let time = ContinuousClock.now - start
            switch ending {
            case .failed(let error, let status):
                failure = (error.at("\(name): line \(number)"), status)
                try write(report?.add(ReplReport.Point(name: place, failure: error.message, time: time)))
            case .done(let outcome):
                if outcome.isExpectation {
                    try write(report?.add(ReplReport.Point(name: place, failure: nil, time: time)))
                }
                if outcome.ends { return try end(report, nil) }
            }
        }
        return try end(report, failure)
    }

    /// Reads a line and does what it says; nothing at the end of the script.
    private func step() async throws(ChatError) -> (line: Substring?, Ending?) {
        let line: String?
        do throws(ChatError) { line = try await lines.next() } catch {
            return ("", .failed(error, status: error.code.exitStatus))
        }
        guard let line else { return (nil, nil) }
        do throws(ChatError) {
            let outcome = try await session.perform(line)
            guard outcome.status == 0 else {
                return (line[...], .failed(unexplained(outcome.status), status: outcome.status))
            }
            try? invocation.screen.error.write(held.take())
            return (line[...], .done(outcome))
        } catch {
            if error.code == .outputFailed { throw error }
            return (line[...], .failed(error, status: error.code.exitStatus))
        }
    }

    /// What a command has told by itself, in one line.
    private func unexplained(_ status: Int32) -> ChatError {
        let said = String(decoding: held.take(), as: UTF8.self).split(separator: "\n").map { line in
            line.hasPrefix("chatctl: ") ? line.dropFirst("chatctl: ".count) : line
        }
        let code = ErrorCode.allCases.first { $0.exitStatus == status } ?? .expectationFailed
        return ChatError(code, said.isEmpty ? "ended with \(status)" : said.joined(separator: "; "))
    }

    private func end(
        _ report: ReplReport?, _ failure: (error: ChatError, status: Int32)?
    ) throws(ChatError) -> Int32 {
        try write(report?.tail)
        guard let failure else { return 0 }
        ErrorReport.show(failure.error, asJSON: invocation.printsJSON, on: invocation.screen.error)
        return failure.status
    }

    private func write(_ text: String?) throws(ChatError) {
        guard let text, !text.isEmpty else { return }
        try invocation.screen.output.write(Array(text.utf8))
    }
}

extension ChatError {
    /// The same with the place that led to it, in one line: a hint stands in it too.
    fileprivate func at(_ place: String) -> ChatError {
        let hint = saying(\.commandWords).hint.map { " (\($0))" } ?? ""
        return ChatError(code, "\(place): \(message)\(hint)")
    }
}
