import ArgumentParser
import ChatCore

/// A command of ours: it gets an invocation, and throws one kind of error.
protocol ChatCommand: ParsableCommand, Sendable {
    var global: GlobalOptions { get }

    /// Does the work.
    func run(_ invocation: Invocation) async throws(ChatError)

    /// Does the work and answers with the exit status; for commands that can end with another one than 0 without
    /// an error.
    func status(_ invocation: Invocation) async throws(ChatError) -> Int32
}

extension ChatCommand {
    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        try await run(invocation)
        return 0
    }
}
