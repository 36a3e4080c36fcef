import ArgumentParser
import ChatCore

/// A command of ours: it gets an invocation, and throws one kind of error.
protocol InvocableCommand: ParsableCommand, Sendable {
    var global: GlobalOptions { get }

    /// Does the work and returns the exit status.
    func status(_ invocation: Invocation) async throws(ChatError) -> Int32
}

/// A command that is done, or throws: all but those that can end with another status without an error.
protocol ChatCommand: InvocableCommand {
    /// Does the work.
    func run(_ invocation: Invocation) async throws(ChatError)
}

extension ChatCommand {
    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        try await run(invocation)
        return 0
    }
}
