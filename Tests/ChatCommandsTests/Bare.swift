import ChatCore
import ChatTerminal
import ChatTestKit

@testable import ChatCommands

/// The command line without a backend.
enum Bare {
    static func run(
        _ arguments: [String], input: some InputChannel = TextInput(), environment: Environment = [:],
        signals: Signals = .none, output: BufferOutput = BufferOutput()
    ) async -> Outcome {
        let error = BufferOutput()
        let context = CommandContext(
            output: output, error: error, input: input, environment: environment, signals: signals,
            clock: TestClock().wall)
        let status = await Program.run(arguments, in: context)
        return Outcome(status: status, output: output.text, error: error.text)
    }

    /// An invocation for code that needs one.
    static func invocation(
        _ arguments: [String] = [], input: some InputChannel = TextInput(), environment: Environment = [:],
        signals: Signals = .none, output: BufferOutput = BufferOutput(), error: BufferOutput = BufferOutput(),
        clock: WallClock = TestClock().wall
    ) throws -> Invocation {
        let context = CommandContext(
            output: output, error: error, input: input, environment: environment, signals: signals, clock: clock)
        return try Invocation(try GlobalOptions.parse(arguments), in: context)
    }
}

extension Signals {
    /// No signal ever comes.
    static let none = Signals { _ in AsyncStream { $0.finish() } }
}
